import type uPlot from "uplot";
import type { Words } from "@/i18n/use-words.ts";
import type { StateSpan } from "./device-states.ts";
import { chartInk, type Scheme } from "./palette.ts";

const LANE_PX = 16;
const FONT = "600 11px Inter, system-ui, sans-serif";
const HATCH_PX = 6;
const LEAST_PX = 2;

interface Area {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface LaneLook {
  readonly scheme: Scheme;
  readonly words: Words;
  readonly nameOf: (deviceId: number) => string;
}

/** Slanted lines, so that a silent device is told from the others without colour. */
function hatch(context: CanvasRenderingContext2D, { left, top, width, height }: Area) {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.beginPath();
  for (let x = left - height; x < left + width; x += HATCH_PX) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
}

function fill(context: CanvasRenderingContext2D, span: StateSpan, box: Area, scheme: Scheme) {
  const ink = chartInk(scheme);
  const color = span.state === "silent" ? ink.text : ink[span.state];
  context.fillStyle = span.state === "critical" ? color : ink.card;
  context.strokeStyle = color;
  context.fillRect(box.left, box.top, box.width, box.height);
  context.strokeRect(box.left + 0.5, box.top + 0.5, Math.max(0, box.width - 1), box.height - 1);
  if (span.state === "silent") hatch(context, box);
}

function label(context: CanvasRenderingContext2D, text: string, span: StateSpan, box: Area, scheme: Scheme) {
  const ink = chartInk(scheme);
  const width = context.measureText(text).width;
  if (width + 10 > box.width) return;
  if (span.state === "silent") {
    context.fillStyle = ink.card;
    context.fillRect(box.left + 3, box.top + 1, width + 6, box.height - 2);
  }
  context.fillStyle = span.state === "critical" ? ink.card : span.state === "warning" ? ink.warning : ink.ink;
  context.fillText(text, box.left + 6, box.top + box.height / 2 + 0.5);
}

/** The height of all lanes; one is kept free also while there is none, so that the plot stays when the first comes. */
export function lanesPx(spans: readonly StateSpan[]): number {
  return LANE_PX * Math.max(1, new Set(spans.map(({ deviceId }) => deviceId)).size);
}

/** Above the plot a lane for each device that was not normal: when, and how, in words where they fit. */
export function drawLanes(
  plot: uPlot,
  context: CanvasRenderingContext2D,
  area: Area,
  spans: readonly StateSpan[],
  look: LaneLook,
) {
  const lanes = [...new Set(spans.map(({ deviceId }) => deviceId))];
  context.font = FONT;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineWidth = 1;
  for (const span of spans) {
    const x = (atMs: number) => area.left + Math.min(area.width, Math.max(0, plot.valToPos(atMs, "x")));
    const left = x(span.startMs);
    const width = Math.max(LEAST_PX, x(span.endMs) - left);
    if (left >= area.left + area.width || x(span.endMs) <= area.left) continue;
    const top = area.top - (lanes.length - lanes.indexOf(span.deviceId)) * LANE_PX;
    const box = { left, top, width, height: LANE_PX - 2 };
    fill(context, span, box, look.scheme);
    label(
      context,
      `${look.nameOf(span.deviceId)}: ${look.words.t(`trends.was_${span.state}`)}`,
      span,
      box,
      look.scheme,
    );
  }
}
