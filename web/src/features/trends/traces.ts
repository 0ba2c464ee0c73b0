import { type Cell, longestStepMs } from "@/lib/gaps.ts";
import { isStepped } from "@/lib/value-words.ts";
import { type ChartInput, seriesFor } from "./chart-input.ts";
import { axisKey, type ChartPoint } from "./chart-points.ts";
import { type Curve, curveOf, moved } from "./columns.ts";

export type Part = "low" | "high" | "mid" | "earlier";

/** One column of what is drawn: which part of which of the chart's points. */
export interface Trace {
  readonly part: Part;
  /** Place of the point in the chart. */
  readonly place: number;
  readonly axis: string;
}

/** Times in ascending order, and a column of the same length for each trace; undefined where it says nothing. */
export type Table = [number[], ...(Cell | undefined)[][]];

const FEW_COLUMNS = 60;

/** Where columns stand for more than one sample, lowest and highest tell what else was in them. */
function partsOf(isRaw: boolean, hasEarlier: boolean): Part[] {
  const own: Part[] = isRaw ? ["mid"] : ["low", "high", "mid"];
  return hasEarlier ? ["earlier", ...own] : own;
}

export function tracesOf(points: readonly ChartPoint[], isRaw: boolean, hasEarlier: boolean): Trace[] {
  return points.flatMap((item, place) =>
    partsOf(isRaw, hasEarlier).map((part) => ({ part, place, axis: axisKey(item.point) })),
  );
}

const NOTHING: Curve = { at: [], mid: [], low: [], high: [] };

function curveFor({ trend, earlier }: ChartInput, { point }: ChartPoint, isEarlier: boolean): Curve {
  const source = isEarlier ? earlier?.trend : trend;
  const series = source && seriesFor(source, point.id);
  if (!source || !series) return NOTHING;
  const byMs = isEarlier ? (earlier?.byMs ?? 0) : 0;
  const stepMs = longestStepMs(source.bucket_ms, point.recorded_every_s);
  const { bucket_ms: bucketMs, end_ms } = source;
  return curveOf(moved(series, byMs), { stepMs, bucketMs, isStepped: isStepped(point), endMs: end_ms + byMs });
}

/** What is drawn, as one table: every trace over all times. */
export function tableOf(input: ChartInput): Table {
  const traces = tracesOf(input.points, input.trend.bucket_ms === 0, input.earlier !== null);
  const now = input.points.map((item) => curveFor(input, item, false));
  const before = input.points.map((item) => curveFor(input, item, true));
  const times = sortedTimes([...now, ...before]);
  const columns = traces.map(({ part, place }) => {
    const curve = (part === "earlier" ? before[place] : now[place]) ?? NOTHING;
    return aligned(curve.at, part === "earlier" ? curve.mid : curve[part], times);
  });
  return [times, ...columns];
}

function sortedTimes(curves: readonly Curve[]): number[] {
  const all = Float64Array.from(curves.flatMap((curve) => curve.at)).sort();
  const times: number[] = [];
  for (const atMs of all) if (atMs !== times.at(-1)) times.push(atMs);
  return times;
}

/** The cells at their times. A gap is one also at the times of other traces: else its line would go on there. */
function aligned(at: readonly number[], cells: readonly Cell[], times: readonly number[]): (Cell | undefined)[] {
  const column: (Cell | undefined)[] = new Array(times.length).fill(undefined);
  let place = 0;
  for (let index = 0; index < at.length; index += 1) {
    const between = index > 0 && cells[index - 1] === null ? null : undefined;
    for (; times[place] !== at[index]; place += 1) column[place] = between;
    column[place] = cells[index];
    place += 1;
  }
  return column;
}

/** Whether a trace has so few columns that each is worth a dot. */
export function isSparse(column: readonly (Cell | undefined)[]): boolean {
  let count = 0;
  for (const cell of column) if (cell !== null && cell !== undefined && ++count > FEW_COLUMNS) return false;
  return true;
}
