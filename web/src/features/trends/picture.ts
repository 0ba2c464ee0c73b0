import type { ChartLook } from "./chart-input.ts";
import { chartInk, seriesColor } from "./palette.ts";
import type { Bounds } from "./time-range.ts";

const MARGIN_PX = 16;
const LINE_PX = 22;
const FONT = "system-ui, sans-serif";

/** The chart with what it needs to be understood elsewhere: the points by number, from when to when, and the zone. */
export function picture(chart: HTMLCanvasElement, look: ChartLook, { startMs, endMs }: Bounds): Promise<Blob | null> {
  const { points, scheme, words, zone } = look;
  const ink = chartInk(scheme);
  const ratio = devicePixelRatio || 1;
  const width = chart.width / ratio + 2 * MARGIN_PX;
  const headHeight = LINE_PX * (points.length + 1) + MARGIN_PX;
  const canvas = document.createElement("canvas");
  canvas.width = width * ratio;
  canvas.height = (chart.height / ratio + headHeight + MARGIN_PX) * ratio;
  const context = canvas.getContext("2d");
  if (!context) return Promise.resolve(null);
  context.scale(ratio, ratio);
  context.fillStyle = ink.card;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = "middle";
  context.font = `600 15px ${FONT}`;
  context.fillStyle = ink.ink;
  context.fillText(`${words.period(startMs, endMs, zone)}  ${zone}`, MARGIN_PX, MARGIN_PX + LINE_PX / 2);
  points.forEach(({ deviceName, point }, place) => {
    const y = MARGIN_PX + LINE_PX * (place + 1.5);
    const unit = point.unit && `, ${words.unit(point.unit)}`;
    context.font = `700 13px ${FONT}`;
    context.fillStyle = seriesColor(place, scheme);
    context.fillText(String(place + 1), MARGIN_PX, y);
    context.font = `13px ${FONT}`;
    context.fillStyle = ink.ink;
    context.fillText(`${deviceName} · ${words.text(point.name, point.key)}${unit}`, MARGIN_PX + 22, y);
  });
  context.drawImage(chart, MARGIN_PX, headHeight + MARGIN_PX / 2, chart.width / ratio, chart.height / ratio);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
