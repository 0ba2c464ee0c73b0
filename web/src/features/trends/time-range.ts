import { DAY_MS, HOUR_MS, MINUTE_MS } from "@/lib/time.ts";

/** Ranges that end now; the name is what the address of the page says. */
export const PRESETS = {
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

export type TimeRange = { kind: "last"; name: PresetName } | { kind: "between"; bounds: Bounds };

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

/** Reads `6h` or `<start>..<end>` in ISO 8601; anything else is the last hour. */
export function rangeFromUrl(text: string | null): TimeRange {
  if (text === null) return DEFAULT;
  if (isPreset(text)) return { kind: "last", name: text };
  const [start = "", end = ""] = text.split("..");
  const bounds = { startMs: fromBasic(start), endMs: fromBasic(end) };
  return bounds.startMs < bounds.endMs ? { kind: "between", bounds } : DEFAULT;
}

export function rangeToUrl(range: TimeRange): string {
  if (range.kind === "last") return range.name;
  return `${toBasic(range.bounds.startMs)}..${toBasic(range.bounds.endMs)}`;
}

export function boundsOf(range: TimeRange, nowMs: number): Bounds {
  if (range.kind === "between") return range.bounds;
  return { startMs: nowMs - PRESETS[range.name], endMs: nowMs };
}

/** Bounds that can be asked for: whole seconds, not too short, not too long, and no further than now. */
export function settled(bounds: Bounds, nowMs: number): Bounds {
  const spanMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, bounds.endMs - bounds.startMs));
  const middleMs = (bounds.startMs + bounds.endMs) / 2;
  const endMs = Math.min(nowMs, middleMs + spanMs / 2);
  const whole = (ms: number) => Math.round(ms / 1000) * 1000;
  return { startMs: whole(endMs - spanMs), endMs: whole(endMs) };
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

/** The smallest range ending now that is not shorter than the bounds. */
export function followingPreset(bounds: Bounds): PresetName {
  const spanMs = bounds.endMs - bounds.startMs;
  const names = Object.keys(PRESETS) as PresetName[];
  return names.find((name) => PRESETS[name] >= spanMs - 1000) ?? "7d";
}
