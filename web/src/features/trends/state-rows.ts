import type uPlot from "uplot";
import type { Point } from "@/api/types.ts";
import type { Cell } from "@/lib/gaps.ts";
import type { ChartLook } from "./chart-input.ts";
import { axisKeys, type ChartPoint, NO_AXIS } from "./chart-points.ts";
import { chartInk, seriesColor } from "./palette.ts";
import type { Trace } from "./traces.ts";

const ROW_PX = 22;
/** What was earlier is a narrow row without words, over the one of now. */
const EARLIER_PX = 8;
const SPACE_PX = 4;
const LEAST_PX = 2;
/** Above and under the rows: warnings, a strip of the plot, the time. */
const AROUND_PX = 120;
const WORDS_FONT = "12px Inter, system-ui, sans-serif";
const NUMBER_FONT = "700 13px Inter, system-ui, sans-serif";
const FAINT = 0.08;
const STRONG = 0.5;

/** From when to when a state held; `isMixed`: the columns had several. */
export interface StateRun {
  readonly startMs: number;
  readonly value: number;
  readonly isMixed: boolean;
  endMs: number;
}

type Column = readonly (Cell | undefined)[];

interface Columns {
  readonly mid: Column;
  /** Lowest and highest of each column; none of samples as they came. */
  readonly low?: Column | undefined;
  readonly high?: Column | undefined;
}

/** The runs of a state over the times of a table, where undefined says nothing and null ends a state. */
export function stateRuns(times: readonly number[], { mid, low, high }: Columns): StateRun[] {
  const runs: StateRun[] = [];
  let open: StateRun | null = null;
  for (let index = 0; index < times.length; index += 1) {
    const value = mid[index];
    if (value === undefined) continue;
    const atMs = times[index] ?? 0;
    if (open) open.endMs = atMs;
    if (value === null) {
      open = null;
      continue;
    }
    const isMixed = typeof low?.[index] === "number" && low[index] !== high?.[index];
    if (open && open.value === value && open.isMixed === isMixed) continue;
    open = { startMs: atMs, endMs: atMs, value, isMixed };
    runs.push(open);
  }
  return runs;
}

function isRow({ axis, part }: Trace): boolean {
  return axis === NO_AXIS && (part === "mid" || part === "earlier");
}

function heightPx({ part }: Trace): number {
  return part === "earlier" ? EARLIER_PX : ROW_PX;
}

/** The height of all rows of states under the plot. */
export function stateRowsPx(traces: readonly Trace[]): number {
  const rows = traces.filter(isRow);
  return rows.length === 0 ? 0 : rows.reduce((sum, trace) => sum + heightPx(trace), SPACE_PX);
}

/** How high a chart is in which there are only states; null where a curve needs room. */
export function onlyRowsHeightPx(points: readonly ChartPoint[], traces: readonly Trace[]): number | null {
  return axisKeys(points).length > 0 ? null : AROUND_PX + stateRowsPx(traces);
}

/** How strongly a state is tinted: off and the lowest code faintly, on and the highest strongly. */
function strength({ type, labels }: Point, value: number): number {
  const codes = Object.keys(labels).map(Number);
  if (type === "bool" || codes.length < 2) return value === 0 ? FAINT : STRONG;
  const below = codes.filter((code) => code < value).length;
  return FAINT + ((STRONG - FAINT) * Math.min(below, codes.length - 1)) / (codes.length - 1);
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function columnsOf(plot: uPlot, traces: readonly Trace[], index: number): Columns {
  const own = traces[index];
  const column = (part: Trace["part"]) => {
    const place = own?.part === "mid" ? traces.findIndex((one) => one.place === own.place && one.part === part) : -1;
    return place < 0 ? undefined : (plot.data[place + 1] as Column);
  };
  return { mid: (plot.data[index + 1] ?? []) as Column, low: column("low"), high: column("high") };
}

/** With what the runs of a row are drawn. */
interface RowLook {
  readonly point: Point;
  readonly color: string;
  readonly ink: string;
  readonly words: (value: number) => string;
}

function drawRun(context: CanvasRenderingContext2D, box: Area, run: StateRun, look: RowLook) {
  context.fillStyle = look.color;
  context.strokeStyle = look.color;
  context.globalAlpha = run.isMixed ? 1 : strength(look.point, run.value);
  context.fillRect(box.left, box.top, box.width, box.height);
  context.globalAlpha = 1;
  context.strokeRect(box.left + 0.5, box.top + 0.5, Math.max(0, box.width - 1), box.height - 1);
  const words = run.isMixed ? "" : look.words(run.value);
  if (words === "" || context.measureText(words).width + 10 > box.width) return;
  context.fillStyle = look.ink;
  context.fillText(words, box.left + 5, box.top + box.height / 2 + 0.5);
}

function rowLook(item: ChartPoint, { part, place }: Trace, { scheme, words }: ChartLook): RowLook {
  return {
    point: item.point,
    color: seriesColor(place, scheme),
    ink: chartInk(scheme).ink,
    words: (value) => (part === "mid" ? words.line(item.point, value) : ""),
  };
}

/** Under the plot a row for each state: its words where they fit; columns with several states are filled. */
export function drawStateRows(
  plot: uPlot,
  context: CanvasRenderingContext2D,
  area: Area,
  traces: readonly Trace[],
  look: ChartLook,
) {
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineWidth = 1;
  const right = area.left + area.width;
  const x = (atMs: number) => Math.min(right, Math.max(area.left, area.left + plot.valToPos(atMs, "x")));
  let top = area.top + area.height + SPACE_PX;
  traces.forEach((trace, index) => {
    const item = look.points[trace.place];
    if (!item || !isRow(trace)) return;
    const height = heightPx(trace);
    const row = rowLook(item, trace, look);
    context.font = WORDS_FONT;
    for (const run of stateRuns(plot.data[0] as readonly number[], columnsOf(plot, traces, index))) {
      const [left, end] = [x(run.startMs), x(run.endMs)];
      if (left >= right || end <= area.left) continue;
      drawRun(context, { left, top, width: Math.max(LEAST_PX, end - left), height: height - 3 }, run, row);
    }
    if (trace.part === "mid") {
      context.font = NUMBER_FONT;
      context.fillStyle = row.color;
      context.fillText(String(trace.place + 1), right + 5, top + height / 2);
    }
    top += height;
  });
}
