import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/time.ts";
import { type Calendar, calendarBounds, calendarFromUrl, calendarToUrl, neighbour } from "./calendar.ts";

/** Ranges that end now; the name is what the address of the page says. */
export const PRESETS = {
  "1m": MINUTE_MS,
  "15m": 15 * MINUTE_MS,
  "1h": HOUR_MS,
  "6h": 6 * HOUR_MS,
  "24h": DAY_MS,
  "7d": 7 * DAY_MS,
} as const;
export type PresetName = keyof typeof PRESETS;

export interface Bounds {
  readonly startMs: number;
  readonly endMs: number;
}

export type TimeRange =
  | { kind: "last"; name: PresetName }
  | { kind: "calendar"; calendar: Calendar }
  | { kind: "between"; bounds: Bounds };

const SHORTEST_MS = 10_000;
const LONGEST_MS = 20 * 365 * DAY_MS;
const DEFAULT: TimeRange = { kind: "last", name: "1h" };

export function isPreset(text: string): text is PresetName {
  return Object.hasOwn(PRESETS, text);
}

/** ISO 8601 in its basic form, which needs no escaping in an address: 20261121T031500Z. */
function toBasic(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:]|\.\d+/g, "");
}

function fromBasic(text: string): number {
  const spread = text.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, "$1-$2-$3T$4:$5:$6Z");
  return Date.parse(spread);
}

/** Reads `6h`, `today`, `week-20261116` or `<start>..<end>` in ISO 8601; anything else is the last hour. */
export function rangeFromUrl(text: string | null): TimeRange {
  if (text === null) return DEFAULT;
  if (isPreset(text)) return { kind: "last", name: text };
  const calendar = calendarFromUrl(text);
  if (calendar) return { kind: "calendar", calendar };
  const [start = "", end = ""] = text.split("..");
  const bounds = { startMs: fromBasic(start), endMs: fromBasic(end) };
  return bounds.startMs < bounds.endMs ? { kind: "between", bounds } : DEFAULT;
}

export function rangeToUrl(range: TimeRange): string {
  switch (range.kind) {
    case "last":
      return range.name;
    case "calendar":
      return calendarToUrl(range.calendar);
    case "between":
      return `${toBasic(range.bounds.startMs)}..${toBasic(range.bounds.endMs)}`;
    default:
      return range satisfies never;
  }
}

/** A range of the calendar that is still going on ends now. */
export function boundsOf(range: TimeRange, nowMs: number, zone: string): Bounds {
  if (range.kind === "between") return range.bounds;
  if (range.kind === "last") return { startMs: nowMs - PRESETS[range.name], endMs: nowMs };
  const { startMs, endMs } = calendarBounds(range.calendar, nowMs, zone);
  return { startMs, endMs: Math.max(startMs + SHORTEST_MS, Math.min(endMs, nowMs)) };
}

/** Whether the right end of the range is now, and moves with it. */
export function isFollowing(range: TimeRange): boolean {
  return range.kind === "last" || (range.kind === "calendar" && range.calendar.which === "this");
}

/** Bounds that can be shown: not too short, not too long, and no further than now. */
export function limited(bounds: Bounds, nowMs: number): Bounds {
  const spanMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, bounds.endMs - bounds.startMs));
  const middleMs = (bounds.startMs + bounds.endMs) / 2;
  const endMs = Math.min(nowMs, middleMs + spanMs / 2);
  return { startMs: endMs - spanMs, endMs };
}

/** Limited bounds in whole seconds, as the address has them. */
export function settled(bounds: Bounds, nowMs: number): Bounds {
  const { startMs, endMs } = limited(bounds, nowMs);
  const whole = (ms: number) => Math.round(ms / 1000) * 1000;
  return { startMs: whole(startMs), endMs: whole(endMs) };
}

/** Narrower (factor below 1) or wider, with the moment at `fraction` of the width staying where it is. */
export function zoomed(bounds: Bounds, factor: number, fraction: number): Bounds {
  const spanMs = bounds.endMs - bounds.startMs;
  const anchorMs = bounds.startMs + spanMs * fraction;
  return { startMs: anchorMs - spanMs * factor * fraction, endMs: anchorMs + spanMs * factor * (1 - fraction) };
}

/** Moved by a fraction of its width; below zero is earlier. */
export function panned(bounds: Bounds, fraction: number): Bounds {
  const byMs = (bounds.endMs - bounds.startMs) * fraction;
  return { startMs: bounds.startMs + byMs, endMs: bounds.endMs + byMs };
}

/** Two fingers stand where they do in the view, from 0 to 1; nearer to each other than this they are one. */
const FINGERS_APART = 0.04;

/** The view in which the times that were under two fingers are under them still, when the fingers have moved. */
export function pinched(bounds: Bounds, from: readonly [number, number], to: readonly [number, number]): Bounds {
  const apart = ([one, other]: readonly [number, number]) => Math.max(FINGERS_APART, Math.abs(other - one));
  const middle = ([one, other]: readonly [number, number]) => (one + other) / 2;
  const wider = zoomed(bounds, apart(from) / apart(to), middle(from));
  return panned(wider, middle(from) - middle(to));
}

/** The range before or after: of a day the next day, of others half their width further. */
export function stepped(range: TimeRange, direction: -1 | 1, nowMs: number, zone: string): TimeRange {
  if (range.kind === "calendar")
    return { kind: "calendar", calendar: neighbour(range.calendar, direction, nowMs, zone) };
  const bounds = panned(boundsOf(range, nowMs, zone), direction / 2);
  return { kind: "between", bounds: settled(bounds, nowMs) };
}

/** The smallest range ending now that is not shorter than the bounds. */
export function followingPreset(bounds: Bounds): PresetName {
  const spanMs = bounds.endMs - bounds.startMs;
  const names = Object.keys(PRESETS) as PresetName[];
  return names.find((name) => PRESETS[name] >= spanMs - 1000) ?? "7d";
}
