import type { Point, Trend, TrendSeries } from "@/api/types.ts";
import type { Words } from "@/i18n/use-words.ts";
import { longestStepMs } from "@/lib/gaps.ts";
import { isStepped } from "@/lib/value-words.ts";
import { type ChartInput, seriesFor } from "./chart-input.ts";
import type { ChartPoint } from "./chart-points.ts";
import { columnAt, heldSinceMs, sampleNear } from "./columns.ts";
import { seriesColor } from "./palette.ts";

/** Names come from devices and people, and the tooltip is HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** What a series says at a moment. */
interface Said {
  readonly text: string;
  /** When the column of the answer begins; of samples as they came when the sample was taken. */
  readonly atMs: number | null;
  /** When a state became what it is; null where that is not known. */
  readonly sinceMs: number | null;
}

/** What else was in the column, behind its value. */
function spreadText(point: Point, series: TrendSeries, column: number, words: Words): string {
  const [low, high] = [series.min[column], series.max[column]];
  if (typeof low !== "number" || typeof high !== "number" || low === high) return "";
  if (isStepped(point)) return ` (${words.t("trends.changed")})`;
  return ` (${words.number(low, point.decimals)} – ${words.number(high, point.decimals)})`;
}

function said({ point }: ChartPoint, atMs: number, trend: Trend, { words }: ChartInput): Said {
  const nothing = { text: words.t("trends.gap"), atMs: null, sinceMs: null };
  const stepped = isStepped(point);
  const isRaw = trend.bucket_ms === 0;
  const series = seriesFor(trend, point.id);
  if (!series) return nothing;
  const stepMs = longestStepMs(trend.bucket_ms, point.recorded_every_s);
  // Between two samples a measurement is near one of them; a state holds until the next.
  const column = (isRaw && !stepped ? sampleNear : columnAt)(series, atMs, stepMs);
  const value = column === null ? null : (stepped ? series.last : series.mean)[column];
  if (column === null || value === null || value === undefined) return nothing;
  return {
    text: words.line(point, value) + spreadText(point, series, column, words),
    atMs: series.at_ms[column] ?? null,
    sinceMs: isRaw && stepped ? heldSinceMs(series, column, stepMs) : null,
  };
}

interface CursorLine {
  readonly place: number;
  readonly name: string;
  readonly value: string;
  /** When exactly, where the head does not say it. */
  readonly when: string;
  readonly earlier: string | null;
}

interface CursorWords {
  readonly head: string;
  readonly lines: readonly CursorLine[];
}

const isWhole = (atMs: number) => atMs % 1000 === 0;

/** The time of the samples, where all are of one moment; else that of the cursor, or of the whole column. */
function headText(atMs: number, sampledMs: readonly number[], { trend, words, zone }: ChartInput): string {
  const [first = atMs] = sampledMs;
  if (trend.bucket_ms > 0 && sampledMs.length > 0) return words.period(first, first + trend.bucket_ms, zone);
  const isOne = sampledMs.every((each) => each === first);
  return isOne && !isWhole(first) ? words.time(first, "exact", zone) : words.time(isOne ? first : atMs, "full", zone);
}

/** What every series says at the cursor: exact values and times, the spread of the column, and what was earlier. */
export function cursorWords(atMs: number, input: ChartInput): CursorWords {
  const { points, words, trend, earlier, zone } = input;
  const isRaw = trend.bucket_ms === 0;
  const clock = (ms: number) => words.time(ms, isWhole(ms) ? "clock" : "exactClock", zone);
  const all = points.map((item) => ({ item, own: said(item, atMs, trend, input) }));
  const sampled = all.flatMap(({ item, own }) =>
    own.atMs !== null && !(isRaw && isStepped(item.point)) ? [own.atMs] : [],
  );
  const isApart = isRaw && sampled.some((each) => each !== sampled[0]);
  const when = ({ atMs: ownMs, sinceMs }: Said, { point }: ChartPoint) => {
    if (sinceMs !== null) return words.t("trends.since", { time: clock(sinceMs) });
    return isApart && ownMs !== null && !isStepped(point) ? clock(ownMs) : "";
  };
  const lines = all.map(({ item, own }, place): CursorLine => {
    const before = earlier && said(item, atMs - earlier.byMs, earlier.trend, input).text;
    const name = `${item.deviceName} · ${words.text(item.point.name, item.point.key)}`;
    return { place, name, value: own.text, when: when(own, item), earlier: before };
  });
  return { head: headText(atMs, sampled, input), lines };
}

function cell(html: string, style: string): string {
  return `<td style="${style}">${html}</td>`;
}

const QUIET = "padding-inline-start:1rem;text-align:end;white-space:nowrap;opacity:.75";

export function tooltipHtml(atMs: number, input: ChartInput): string {
  const { scheme, words, zone, earlier } = input;
  const { head, lines } = cursorWords(atMs, input);
  const hasTimes = lines.some(({ when }) => when !== "");
  const rows = lines.map(({ place, name, value, when, earlier: before }) => {
    const badge = `<b style="color:${seriesColor(place, scheme)}">${place + 1}</b>`;
    const cells = [
      cell(badge, ""),
      cell(escapeHtml(name), "padding:0 1rem 0 .5rem"),
      cell(`<b>${escapeHtml(value)}</b>`, "text-align:end;white-space:nowrap"),
      hasTimes ? cell(escapeHtml(when), QUIET) : "",
      before === null ? "" : cell(escapeHtml(before), "padding-inline-start:1rem;text-align:end"),
    ];
    return `<tr>${cells.join("")}</tr>`;
  });
  const before =
    earlier && escapeHtml(words.t("trends.beside", { time: words.time(atMs - earlier.byMs, "full", zone) }));
  const title = before ? `${escapeHtml(head)} <span style="opacity:.75">${before}</span>` : escapeHtml(head);
  return `<div>${title}</div><table style="font-variant-numeric:tabular-nums;border-spacing:0">${rows.join("")}</table>`;
}

/** The same as a sentence, for those who hear it. */
export function cursorText(atMs: number, input: ChartInput): string {
  const { head, lines } = cursorWords(atMs, input);
  return [head, ...lines.map(({ name, value, when }) => `${name}: ${[value, when].filter(Boolean).join(", ")}`)].join(
    "; ",
  );
}
