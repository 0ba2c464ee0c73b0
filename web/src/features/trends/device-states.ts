import type { DeviceDetail, Point, Thresholds, Trend, TrendSeries } from "@/api/types.ts";
import { longestStepMs, longestStepThereMs } from "@/lib/gaps.ts";

/** `silent`: the device was asked, and nothing that could be read of it came. */
export type PastState = "warning" | "critical" | "silent";

/** A point that says how its device was. */
export interface Watched {
  readonly deviceId: number;
  readonly point: Point;
  readonly thresholds: Thresholds | null;
}

/** From when to when a device was not normal. */
export interface StateSpan {
  readonly deviceId: number;
  readonly state: PastState;
  readonly startMs: number;
  readonly endMs: number;
}

/** What a column of a point says; null when it says nothing any more. */
type Word = "good" | "warning" | "critical" | "bad" | null;

interface Turn {
  readonly atMs: number;
  readonly place: number;
  readonly word: Word;
}

/** As many points as one question to the history takes. */
const MOST_WATCHED = 20;
/** A silent device is asked less and less often; what it did not say holds until it is asked again, but not longer. */
const SILENT_HOLD_MS = 180_000;

function ofDevice(device: DeviceDetail, drawn: ReadonlySet<string>): Watched[] {
  const alarms = device.points.filter((point) => point.alarm !== null);
  const summary = alarms.filter((point) => point.type === "bool");
  const sayers = new Set([...Object.keys(device.thresholds), ...drawn]);
  const told = [
    ...device.points.filter((point) => sayers.has(point.key) && point.type !== "string"),
    ...(summary.length > 0 ? summary : alarms).filter((point) => !sayers.has(point.key)),
  ];
  return told.map((point) => ({ deviceId: device.id, point, thresholds: device.thresholds[point.key] ?? null }));
}

/** The points that tell how the devices were: those that are drawn, those with thresholds, and their alarms. */
export function watchedOf(
  devices: readonly DeviceDetail[],
  drawn: readonly { ref: { deviceId: number; key: string } }[],
): Watched[] {
  const keys = (id: number) => new Set(drawn.flatMap(({ ref }) => (ref.deviceId === id ? [ref.key] : [])));
  const all = devices.map((device) => ofDevice(device, keys(device.id)));
  const share = Math.max(1, Math.floor(MOST_WATCHED / Math.max(1, all.length)));
  return all.flatMap((points) => points.slice(0, share)).slice(0, MOST_WATCHED);
}

const isBeyond = (low: number, high: number, lower: number | null, upper: number | null) =>
  (upper !== null && high > upper) || (lower !== null && low < lower);

/** What the lowest and highest of a column are by the thresholds of now, or as an alarm of the device. */
function wordOf({ point, thresholds }: Watched, low: number | null, high: number | null): Word {
  if (low === null || high === null) return "bad";
  if ((point.alarm === "critical" || point.alarm === "warning") && high > 0) return point.alarm;
  if (!thresholds) return "good";
  if (isBeyond(low, high, thresholds.critical_lower, thresholds.critical_upper)) return "critical";
  return isBeyond(low, high, thresholds.warning_lower, thresholds.warning_upper) ? "warning" : "good";
}

/** When the point began to say something else, or stopped to say anything. */
function turnsOf(watched: Watched, series: TrendSeries, place: number, bucketMs: number): Turn[] {
  const stepMs = longestStepMs(bucketMs, watched.point.recorded_every_s);
  return series.at_ms.flatMap((atMs, index): Turn[] => {
    const word = wordOf(watched, series.min[index] ?? null, series.max[index] ?? null);
    const nextMs = series.at_ms[index + 1] ?? Number.POSITIVE_INFINITY;
    const turn = { atMs, place, word };
    const holdMs = Math.max(stepMs, word === "bad" ? SILENT_HOLD_MS : 0);
    if (nextMs - atMs <= holdMs) return [turn];
    const untilMs = atMs + longestStepThereMs(series.at_ms, index, holdMs);
    return nextMs > untilMs ? [turn, { atMs: untilMs, place, word: null }] : [turn];
  });
}

function stateOf(words: readonly Word[]): PastState | null {
  if (words.includes("critical")) return "critical";
  if (words.includes("warning")) return "warning";
  return words.includes("bad") && !words.includes("good") ? "silent" : null;
}

function spansOfDevice(deviceId: number, turns: readonly Turn[], places: number, endMs: number): StateSpan[] {
  const words: Word[] = new Array(places).fill(null);
  const spans: StateSpan[] = [];
  let open: { state: PastState; startMs: number } | null = null;
  const close = (atMs: number) => {
    if (open && atMs > open.startMs) spans.push({ deviceId, ...open, endMs: atMs });
  };
  turns.forEach(({ atMs, place, word }, index) => {
    words[place] = word;
    // What happens at one moment counts together.
    if (turns[index + 1]?.atMs === atMs || atMs >= endMs) return;
    const state = stateOf(words);
    if (state === (open?.state ?? null)) return;
    close(atMs);
    open = state && { state, startMs: atMs };
  });
  close(endMs);
  return spans;
}

/** What the first answer that has the point says of it. */
function turnsIn(trends: readonly Trend[], watched: Watched, place: number): Turn[] {
  for (const { series, bucket_ms } of trends) {
    const own = series.find(({ point_id }) => point_id === watched.point.id);
    if (own) return turnsOf(watched, own, place, bucket_ms);
  }
  return [];
}

/**
 * When each device was not normal, in the order of the devices; a column of several samples is as its worst.
 *
 * The points may come in several answers; nothing is told of a time that not all of them are about.
 */
export function spansOf(watched: readonly Watched[], trends: readonly Trend[], nowMs: number): StateSpan[] {
  const fromMs = Math.max(...trends.map(({ start_ms }) => start_ms));
  const endMs = Math.min(nowMs, ...trends.map(({ end_ms }) => end_ms));
  return [...new Set(watched.map(({ deviceId }) => deviceId))].flatMap((deviceId) => {
    const own = watched.filter((one) => one.deviceId === deviceId);
    const turns = own.flatMap((one, place) => turnsIn(trends, one, place));
    turns.sort((one, other) => one.atMs - other.atMs);
    return spansOfDevice(deviceId, turns, own.length, endMs)
      .filter((span) => span.endMs > fromMs)
      .map((span) => ({ ...span, startMs: Math.max(span.startMs, fromMs) }));
  });
}
