import type uPlot from "uplot";
import type { ChartLook } from "./chart-input.ts";
import { axisKeys, NO_AXIS } from "./chart-points.ts";
import type { StateSpan } from "./device-states.ts";
import { AXIS_WIDTH_PX, drawings } from "./drawings.ts";
import { limitsOf, scaleRange } from "./limits.ts";
import { chartInk, seriesColor, seriesDash } from "./palette.ts";
import { lanesPx } from "./state-lanes.ts";
import { stateRowsPx } from "./state-rows.ts";
import { tickNames, timeTicks } from "./time-ticks.ts";
import { isSparse, type Trace } from "./traces.ts";

const NARROW_PX = 560;
const NARROW_AXES = 2;
/** Left of a chart without any scale: half of the name of its first moment. */
const NO_AXIS_PX = 28;
/** Between the plot and the scales on its right, where each curve carries its number. */
const NUMBERS_PX = 22;
const TOP_PX = 30;
const BOTTOM_PX = 30;
const TICK_PX = 90;
const TICK_GAP_PX = 5;
const FONT = "12px Inter, system-ui, sans-serif";
const NUMBER_LETTERS = 9;

export interface Insets {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** The scales that are drawn with their numbers: on a phone the first two. */
export function shownAxes(look: ChartLook, widthPx: number): string[] {
  const keys = axisKeys(look.points);
  return widthPx < NARROW_PX ? keys.slice(0, NARROW_AXES) : keys;
}

/** The plot inside the chart, in pixels from its edges. */
export function plotInsets(look: ChartLook, widthPx: number): Insets {
  const count = shownAxes(look, widthPx).length;
  const right = NUMBERS_PX + AXIS_WIDTH_PX * Math.max(0, count - 1);
  return { top: TOP_PX, bottom: BOTTOM_PX, left: count === 0 ? NO_AXIS_PX : AXIS_WIDTH_PX, right };
}

function shortened(text: string, letters: number): string {
  return text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
}

/** Under the plot, and under the rows of states. */
function timeAxis({ scheme, words, zone }: ChartLook, rowsPx: number): uPlot.Axis {
  const ink = chartInk(scheme);
  return {
    scale: "x",
    side: 2,
    size: BOTTOM_PX + rowsPx,
    gap: TICK_GAP_PX + rowsPx,
    font: FONT,
    stroke: ink.text,
    grid: { stroke: ink.line, width: 1 },
    ticks: { show: rowsPx === 0, stroke: ink.axis, width: 1, size: 5 },
    border: { show: true, stroke: ink.axis, width: 1 },
    splits: (plot, _axis, startMs, endMs) => {
      const most = Math.max(2, Math.floor(plot.over.clientWidth / TICK_PX));
      return timeTicks({ startMs, endMs }, most, zone);
    },
    values: (_plot, ticks) => {
      const names = tickNames(ticks, zone);
      return ticks.map((atMs, index) => words.time(atMs, names[index] ?? "minute", zone));
    },
  };
}

function valueAxis(index: number, key: string, { scheme, words }: ChartLook): uPlot.Axis {
  const ink = chartInk(scheme);
  return {
    scale: key,
    side: index === 0 ? 3 : 1,
    size: AXIS_WIDTH_PX + (index === 1 ? NUMBERS_PX : 0),
    gap: index === 1 ? NUMBERS_PX + 4 : 4,
    font: FONT,
    stroke: ink.text,
    space: 34,
    grid: { show: index === 0, stroke: ink.line, width: 1 },
    ticks: { show: false },
    values: (_plot, values) => values.map((value) => shortened(words.number(value, null), NUMBER_LETTERS)),
  };
}

function scale(key: string, look: ChartLook): uPlot.Scale {
  const limits = look.showsLimits ? limitsOf(look.points).filter((limit) => limit.axis === key) : [];
  const values = limits.map((limit) => limit.value);
  return { auto: true, range: (_plot, low, high) => scaleRange(low, high, values) };
}

function series(trace: Trace, look: ChartLook): uPlot.Series {
  if (trace.axis === NO_AXIS) return { scale: NO_AXIS, paths: () => null, points: { show: false } };
  const color = seriesColor(trace.place, look.scheme);
  const isLine = trace.part === "mid" || trace.part === "earlier";
  const dash = trace.part === "earlier" ? [5, 4] : seriesDash(trace.place);
  return {
    scale: trace.axis,
    stroke: isLine ? color : "transparent",
    width: trace.part === "earlier" ? 1.2 : isLine ? 1.7 : 0,
    alpha: trace.part === "earlier" ? 0.75 : 1,
    ...(dash.length > 0 ? { dash } : {}),
    pxAlign: 0,
    points: {
      show: (plot, index) => trace.part === "mid" && isSparse((plot.data[index] ?? []) as (number | null)[]),
      size: 5,
      stroke: color,
      fill: color,
    },
  };
}

/** From the lowest to the highest of each column. */
function bandsOf(traces: readonly Trace[], look: ChartLook): uPlot.Band[] {
  return traces.flatMap(({ part, place, axis }, index) =>
    part === "high" && axis !== NO_AXIS
      ? [{ series: [index + 1, index], fill: `${seriesColor(place, look.scheme)}33` }]
      : [],
  );
}

export interface FrameParts {
  readonly look: ChartLook;
  readonly traces: readonly Trace[];
  readonly size: { readonly width: number; readonly height: number };
  /** When devices were not normal, as far as is known when the chart is drawn. */
  readonly spans?: () => readonly StateSpan[];
}

/** The whole chart but for its data as a value: what is drawn, and how, is decided here. */
export function chartFrame({ look, traces, size, spans = () => [] }: FrameParts): uPlot.Options {
  const keys = axisKeys(look.points);
  const shown = shownAxes(look, size.width);
  const onlyLeft = shown.length < 2;
  const noLeft = shown.length === 0;
  return {
    ...size,
    ms: 1,
    padding: [() => TOP_PX + lanesPx(spans()), onlyLeft ? NUMBERS_PX : 0, 0, noLeft ? NO_AXIS_PX : 0],
    legend: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    cursor: { y: false, drag: { x: false, y: false, setScale: false }, points: { show: false } },
    scales: {
      x: { time: true, auto: false },
      [NO_AXIS]: { auto: false, range: [0, 1] },
      ...Object.fromEntries(keys.map((key) => [key, scale(key, look)])),
    },
    axes: [timeAxis(look, stateRowsPx(traces)), ...shown.map((key, index) => valueAxis(index, key, look))],
    series: [{}, ...traces.map((trace) => series(trace, look))],
    bands: bandsOf(traces, look),
    hooks: drawings(look, traces, shown, spans),
  };
}
