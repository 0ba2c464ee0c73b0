import { isStepped } from "@/lib/value-words.ts";
import type { ChartInput } from "./chart-input.ts";
import type { ChartPoint } from "./chart-points.ts";
import { columnAt, longestStepMs } from "./columns.ts";
import { seriesColor } from "./palette.ts";

/** Names come from devices and people, and the tooltip is HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function valueText({ point }: ChartPoint, atMs: number, { trend, words }: ChartInput): string {
  const stepped = isStepped(point);
  const series = trend.series.find((one) => one.point_id === point.id);
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

/** What every series says at the cursor: exact values, and the spread of the column. */
export function tooltipHtml(atMs: number, input: ChartInput): string {
  const { points, scheme, words } = input;
  const rows = points.map((item, index) => {
    const name = escapeHtml(`${item.deviceName} · ${words.text(item.point.name, item.point.key)}`);
    const badge = `<b style="color:${seriesColor(index, scheme)}">${index + 1}</b>`;
    const value = escapeHtml(valueText(item, atMs, input));
    return `<tr><td>${badge}</td><td style="padding:0 1rem 0 .5rem">${name}</td><td style="text-align:end"><b>${value}</b></td></tr>`;
  });
  const time = escapeHtml(words.time(atMs, "full"));
  return `<div>${time}</div><table style="font-variant-numeric:tabular-nums;border-spacing:0">${rows.join("")}</table>`;
}
