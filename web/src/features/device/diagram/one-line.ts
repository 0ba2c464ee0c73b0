import type { Point } from "@/api/types.ts";

/** What feeds the busbar: by the keys of its points. */
export interface Feed {
  readonly name: "mains" | "generator" | "gensets";
  readonly breaker: string;
  readonly voltage: string;
  readonly frequency: string;
  readonly power: string;
  /** In what state it is, in words of its own. */
  readonly state: string;
}

const MAINS: Feed = {
  name: "mains",
  breaker: "mains_switch",
  voltage: "mains_uab",
  frequency: "mains_freq",
  power: "mains_total_p",
  state: "mains_status",
};
const GENERATOR: Feed = {
  name: "generator",
  breaker: "gen_switch",
  voltage: "gen_uab",
  frequency: "gen_freq",
  power: "power_total",
  state: "gen_status",
};
const GENSETS: Feed = {
  name: "gensets",
  breaker: "busbar_switch",
  voltage: "busbar_uab",
  frequency: "busbar_freq",
  power: "busbar_p",
  state: "genset_status",
};

/** The feeds of a device that has breakers to draw: the mains, and a generator or the busbar of several. */
export function feedsOf(points: readonly Point[]): readonly Feed[] {
  const keys = new Set(points.map((point) => point.key));
  const feeds = [MAINS, GENERATOR, GENSETS].filter((feed) => keys.has(feed.breaker) && keys.has(feed.voltage));
  return feeds.some((feed) => feed.name !== "mains") ? feeds : [];
}

export type Breaker = "closed" | "open" | "closing" | "opening" | "unknown";

/**
 * The switch states of Smartgen controllers (HGM9520N register 264, HGM9560 registers 193 and 197): a breaker that is
 * told to move has not moved yet.
 */
const BREAKERS: readonly Breaker[] = [
  "closing",
  "closing",
  "closing",
  "closed",
  "opening",
  "opening",
  "opening",
  "open",
];

export function breakerOf(value: number | null): Breaker {
  return (value === null ? undefined : BREAKERS[value]) ?? "unknown";
}

export function conducts(breaker: Breaker): boolean | null {
  if (breaker === "unknown") return null;
  return breaker === "closed" || breaker === "opening";
}

/** From here on a line is called live; below it is what instruments show of nothing. */
const LIVE_FROM_V = 50;

export function isLive(voltage: number | null): boolean | null {
  return voltage === null ? null : voltage >= LIVE_FROM_V;
}

export type Flow = "in" | "out" | "none";

/** Less than this is noise of the measurement, not a flow. */
const FLOWS_FROM = 0.5;

export interface FeedState {
  readonly isLive: boolean | null;
  readonly breaker: Breaker;
  /** Towards the busbar, away from it, none; null when it is not known. */
  readonly flow: Flow | null;
}

interface FeedValues {
  readonly breaker: number | null;
  readonly voltage: number | null;
  readonly power: number | null;
}

function flowOf(conducting: boolean | null, power: number | null): Flow | null {
  if (conducting === false) return "none";
  if (conducting === null || power === null) return null;
  if (Math.abs(power) < FLOWS_FROM) return "none";
  return power > 0 ? "in" : "out";
}

export function feedState({ breaker, voltage, power }: FeedValues): FeedState {
  const state = breakerOf(breaker);
  return { isLive: isLive(voltage), breaker: state, flow: flowOf(conducts(state), power) };
}

/** Whether the busbar is live: when a live feed is closed on it; not known when one might be. */
export function busIsLive(feeds: readonly FeedState[]): boolean | null {
  const fed = feeds.map((feed) => {
    const closed = conducts(feed.breaker);
    if (closed === false || feed.isLive === false) return false;
    return closed === null || feed.isLive === null ? null : true;
  });
  if (fed.includes(true)) return true;
  return fed.includes(null) ? null : false;
}

/** The gauges of a device, as far as it has their points. */
export const GAUGES = [
  "power_total",
  "mains_total_p",
  "busbar_p",
  "load_pct",
  "engine_speed",
  "coolant_temp",
  "oil_pressure",
  "fuel_level",
  "battery_volt",
] as const;
