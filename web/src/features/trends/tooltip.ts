import type { Trend } from "@/api/types.ts";
import { longestStepMs } from "@/lib/gaps.ts";
import { isStepped } from "@/lib/value-words.ts";
import { type ChartInput, seriesFor } from "./chart-input.ts";
import type { ChartPoint } from "./chart-points.ts";
import { columnAt } from "./columns.ts";
import { seriesColor } from "./palette.ts";

/** Names come from devices and people, and the tooltip is HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function valueText({ point }: ChartPoint, atMs: number, trend: Trend, { words }: ChartInput): string {
  const stepped = isStepped(point);
  const series = seriesFor(trend, point.id);
  const stepMs = longestStepMs(trend.bucket_ms, point.recorded_every_s);
  const column = series && columnAt(series, atMs, stepMs);
  const value = series && typeof column === "number" ? (stepped ? series.last : series.mean)[column] : null;
  if (!series || typeof column !== "number" || value === null || value === undefined) return words.t("trends.gap");
  const low = series.min[column];
  const high = series.max[column];
  const spread = typeof low === "number" && typeof high === "number" && low !== high && !stepped;
  const range = spread ? ` (${words.number(low, point.decimals)} – ${words.number(high, point.decimals)})` : "";
  return words.line(point, value) + range;
}

interface CursorLine {
  readonly place: number;
  readonly name: string;
  readonly value: string;
  readonly earlier: string | null;
}

/** What every series says at the cursor: exact values, the spread of the column, and what was earlier. */
export function cursorLines(atMs: number, input: ChartInput): CursorLine[] {
  const { points, words, trend, earlier } = input;
  return points.map((item, place) => ({
    place,
    name: `${item.deviceName} · ${words.text(item.point.name, item.point.key)}`,
    value: valueText(item, atMs, trend, input),
    earlier: earlier && valueText(item, atMs - earlier.byMs, earlier.trend, input),
  }));
}

function cell(html: string, style: string): string {
  return `<td style="${style}">${html}</td>`;
}

export function tooltipHtml(atMs: number, input: ChartInput): string {
  const { scheme, words, zone, earlier } = input;
  const rows = cursorLines(atMs, input).map(({ place, name, value, earlier: before }) => {
    const badge = `<b style="color:${seriesColor(place, scheme)}">${place + 1}</b>`;
    const then = before === null ? "" : cell(escapeHtml(before), "padding-inline-start:1rem;text-align:end");
    return `<tr>${cell(badge, "")}${cell(escapeHtml(name), "padding:0 1rem 0 .5rem")}${cell(`<b>${escapeHtml(value)}</b>`, "text-align:end;white-space:nowrap")}${then}</tr>`;
  });
  const time = escapeHtml(words.time(atMs, "full", zone));
  const before =
    earlier && escapeHtml(words.t("trends.beside", { time: words.time(atMs - earlier.byMs, "full", zone) }));
  const head = before ? `${time} <span style="opacity:.75">${before}</span>` : time;
  return `<div>${head}</div><table style="font-variant-numeric:tabular-nums;border-spacing:0">${rows.join("")}</table>`;
}

/** The same as a sentence, for those who hear it. */
export function cursorText(atMs: number, input: ChartInput): string {
  const lines = cursorLines(atMs, input).map(({ name, value }) => `${name}: ${value}`);
  return [input.words.time(atMs, "full", input.zone), ...lines].join("; ");
}
