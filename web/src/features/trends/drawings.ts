import type uPlot from "uplot";
import type { ChartLook } from "./chart-input.ts";
import { axisKey, axisKeys, deviceNames, NO_AXIS } from "./chart-points.ts";
import type { StateSpan } from "./device-states.ts";
import { type Limit, limitsOf, limitText } from "./limits.ts";
import { chartInk, seriesColor } from "./palette.ts";
import { drawLanes, lanesPx } from "./state-lanes.ts";
import { drawStateRows, stateRowsPx } from "./state-rows.ts";
import type { Trace } from "./traces.ts";

/** The width of a scale with its numbers. */
export const AXIS_WIDTH_PX = 52;
const NUMBER_HEIGHT_PX = 15;
const LABEL_HEIGHT_PX = 17;
const TITLE_FONT = "12px Inter, system-ui, sans-serif";
const NUMBER_FONT = "700 13px Inter, system-ui, sans-serif";

/** Draws in pixels of the page, whatever the screen has. */
function drawn(plot: uPlot, draw: (context: CanvasRenderingContext2D, ratio: number) => void) {
  const context = plot.ctx;
  const ratio = devicePixelRatio || 1;
  context.save();
  context.scale(ratio, ratio);
  draw(context, ratio);
  context.restore();
}

function box(plot: uPlot, ratio: number) {
  const { left, top, width, height } = plot.bbox;
  return { left: left / ratio, top: top / ratio, width: width / ratio, height: height / ratio };
}

function clampedY(plot: uPlot, value: number, axis: string, top: number, height: number): number {
  const infinite = value === Number.POSITIVE_INFINITY ? top : top + height;
  const y = Number.isFinite(value) ? plot.valToPos(value, axis) + top : infinite;
  return Math.min(top + height, Math.max(top, y));
}

/** Above each scale its unit, and the numbers of the curves that are read on it. */
function drawTitles(plot: uPlot, look: ChartLook, shown: readonly string[], lanesPx: number) {
  drawn(plot, (context, ratio) => {
    const area = box(plot, ratio);
    context.font = TITLE_FONT;
    context.fillStyle = chartInk(look.scheme).text;
    context.textBaseline = "alphabetic";
    let right = area.left + area.width + 26;
    shown.forEach((key, index) => {
      const places = look.points.flatMap(({ point }, place) => (axisKey(point) === key ? [place + 1] : []));
      const unit = look.words.unit(look.points.find(({ point }) => axisKey(point) === key)?.point.unit ?? "");
      const all = shown.length > 1 ? `(${places.join(", ")})` : "";
      const isTooWide = index > 0 && context.measureText(`${unit} ${all}`).width > AXIS_WIDTH_PX;
      const numbers = isTooWide ? `(${places[0]}…)` : all;
      context.textAlign = "left";
      context.fillText(`${unit} ${numbers}`.trim(), index === 0 ? 4 : right, area.top - lanesPx - 12);
      if (index > 0) right += AXIS_WIDTH_PX;
    });
  });
}

/** What lies beyond a limit is tinted; the line of the limit says in words what it is. */
function drawRegions(plot: uPlot, look: ChartLook, limits: readonly Limit[]) {
  drawn(plot, (context, ratio) => {
    const area = box(plot, ratio);
    for (const limit of limits) {
      const from = clampedY(plot, limit.value, limit.axis, area.top, area.height);
      const to = clampedY(plot, limit.until, limit.axis, area.top, area.height);
      context.globalAlpha = limit.severity === "critical" ? 0.13 : 0.09;
      context.fillStyle = chartInk(look.scheme)[limit.severity];
      context.fillRect(area.left, Math.min(from, to), area.width, Math.abs(to - from));
    }
  });
}

function drawLimits(plot: uPlot, look: ChartLook, limits: readonly Limit[]) {
  drawn(plot, (context, ratio) => {
    const area = box(plot, ratio);
    context.font = TITLE_FONT;
    context.textAlign = "left";
    context.textBaseline = "top";
    for (const limit of limits) {
      const y = plot.valToPos(limit.value, limit.axis) + area.top;
      const item = look.points[limit.place];
      if (!item || y < area.top || y > area.top + area.height) continue;
      context.strokeStyle = chartInk(look.scheme)[limit.severity];
      context.fillStyle = context.strokeStyle;
      context.setLineDash(limit.severity === "critical" ? [] : [6, 4]);
      context.beginPath();
      context.moveTo(area.left, y);
      context.lineTo(area.left + area.width, y);
      context.stroke();
      const text = limitText(limit, item.point, look.points.length === 1, look.words);
      const top = limit.isUpper ? y - LABEL_HEIGHT_PX : y + 2;
      const color = context.fillStyle;
      context.globalAlpha = 0.75;
      context.fillStyle = chartInk(look.scheme).card;
      context.fillRect(area.left + 4, top, context.measureText(text).width + 6, LABEL_HEIGHT_PX - 2);
      context.globalAlpha = 1;
      context.fillStyle = color;
      context.fillText(text, area.left + 7, top + 2);
    }
  });
}

interface Mark {
  readonly place: number;
  y: number;
}

/** Marks moved down where they would lie on each other, and up again where they would leave the plot. */
export function spread(marks: readonly Mark[], height: number, lowest: number): Mark[] {
  const sorted = marks.map((mark) => ({ ...mark })).sort((one, other) => one.y - other.y);
  sorted.forEach((mark, index) => {
    const above = sorted[index - 1];
    if (above) mark.y = Math.max(mark.y, above.y + height);
  });
  for (let index = sorted.length - 1; index >= 0; index -= 1) {
    const mark = sorted[index];
    const below = sorted[index + 1];
    if (mark) mark.y = Math.min(mark.y, below ? below.y - height : lowest);
  }
  return sorted;
}

function lastVisible(plot: uPlot, column: number): number | null {
  const values = plot.data[column] ?? [];
  const last = plot.valToIdx(plot.scales["x"]?.max ?? 0);
  for (let index = last; index >= 0; index -= 1) {
    const value = values[index];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** At the right end of each curve its number, which is that of its row in the table. */
function drawNumbers(plot: uPlot, look: ChartLook, traces: readonly Trace[]) {
  drawn(plot, (context, ratio) => {
    const area = box(plot, ratio);
    const marks = traces.flatMap((trace, index): Mark[] => {
      const isCurve = trace.part === "mid" && trace.axis !== NO_AXIS;
      const value = isCurve ? lastVisible(plot, index + 1) : null;
      if (value === null) return [];
      return [{ place: trace.place, y: clampedY(plot, value, trace.axis, area.top, area.height) }];
    });
    context.font = NUMBER_FONT;
    context.textAlign = "left";
    context.textBaseline = "middle";
    for (const { place, y } of spread(marks, NUMBER_HEIGHT_PX, area.top + area.height)) {
      context.fillStyle = seriesColor(place, look.scheme);
      context.fillText(String(place + 1), area.left + area.width + 5, y);
    }
  });
}

function drawStates(plot: uPlot, look: ChartLook, spans: readonly StateSpan[]) {
  const nameOf = deviceNames(look.points);
  drawn(plot, (context, ratio) => drawLanes(plot, context, box(plot, ratio), spans, { ...look, nameOf }));
}

function drawRows(plot: uPlot, look: ChartLook, traces: readonly Trace[]) {
  drawn(plot, (context, ratio) => drawStateRows(plot, context, box(plot, ratio), traces, look));
}

/** The cursor reaches over the rows under the plot. */
function reachOver(plot: uPlot, traces: readonly Trace[]) {
  plot.over.style.height = `${box(plot, devicePixelRatio || 1).height + stateRowsPx(traces)}px`;
}

/** What the chart has beside curves and scales; `spans` tells when devices were not normal, as far as is known now. */
export function drawings(
  look: ChartLook,
  traces: readonly Trace[],
  shown: readonly string[],
  spans: () => readonly StateSpan[],
): uPlot.Hooks.Arrays {
  const limits = look.showsLimits ? limitsOf(look.points) : [];
  // Regions of one scale say nothing of the others, and those of several points would lie on each other.
  const isAlone = new Set(limits.map((limit) => limit.place)).size === 1 && axisKeys(look.points).length === 1;
  return {
    drawAxes: [
      (plot) => {
        if (isAlone) drawRegions(plot, look, limits);
        drawTitles(plot, look, shown, lanesPx(spans()));
      },
    ],
    draw: [
      (plot) => {
        drawLimits(plot, look, limits);
        drawStates(plot, look, spans());
        drawNumbers(plot, look, traces);
        drawRows(plot, look, traces);
      },
    ],
    setSize: [(plot) => reachOver(plot, traces)],
  };
}
