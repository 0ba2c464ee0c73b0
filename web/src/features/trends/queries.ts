import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/client.ts";
import type { Trend } from "@/api/types.ts";
import { daysBefore } from "./calendar.ts";
import { type Bounds, boundsOf, isFollowing, rangeToUrl, type TimeRange } from "./time-range.ts";

/** With what a range is compared: the day or week before on the same clocks, or what came right before it. */
export const COMPARISONS = ["day", "week", "period"] as const;
export type Comparison = (typeof COMPARISONS)[number];

export interface TrendRequest {
  /** As the address of the page names them, so that none need be known to ask. */
  readonly points: readonly string[];
  readonly range: TimeRange;
  readonly zone: string;
  /** As many columns as the chart has pixels. */
  readonly buckets: number;
  readonly comparison: Comparison | null;
  /** So much is asked for before the range: a state that is recorded seldom holds from there on. */
  readonly leadMs: number;
}

const FRESH_MS = 5000;
const MOST_BUCKETS = 5000;
/** On either side of a range that stands still, so that moving it a little shows data at once. */
const SIDE = 0.25;
/** One bucket for all of history: the longest that is a multiple of an hour, so that roll-ups can answer. */
const ALL_TIME = "36500d";

export function earlierBounds({ startMs, endMs }: Bounds, comparison: Comparison, zone: string): Bounds {
  if (comparison === "period") return { startMs: 2 * startMs - endMs, endMs: startMs };
  const days = comparison === "day" ? 1 : 7;
  const byMs = startMs - daysBefore(startMs, days, zone);
  return { startMs: startMs - byMs, endMs: endMs - byMs };
}

function asked(request: TrendRequest, nowMs: number): Bounds {
  const bounds = boundsOf(request.range, nowMs, request.zone);
  return request.comparison ? earlierBounds(bounds, request.comparison, request.zone) : bounds;
}

function sideMs({ range }: TrendRequest, { startMs, endMs }: Bounds): number {
  return isFollowing(range) ? 0 : (endMs - startMs) * SIDE;
}

/** So long before its range the answer to a request tells what was. */
export function reachMs(request: TrendRequest, nowMs: number): number {
  return Math.max(sideMs(request, asked(request, nowMs)), request.leadMs);
}

function times({ startMs, endMs }: Bounds) {
  return { start_time: new Date(startMs).toISOString(), end_time: new Date(endMs).toISOString() };
}

function keyOf({ points, range, zone, buckets, comparison }: TrendRequest) {
  return [points, rangeToUrl(range), range.kind === "calendar" ? zone : null, buckets, comparison];
}

/** How often a chart that follows the present asks again; in between the live stream tells what is new. */
function refreshMs({ range }: TrendRequest): number | false {
  return isFollowing(range) ? FRESH_MS : false;
}

/** The curves, which may reach further than the range that is asked for, and by how much they are earlier than now. */
export interface Curves {
  readonly trend: Trend;
  readonly bounds: Bounds;
  readonly byMs: number;
}

/**
 * The curves; of a comparison those of the earlier period, and by how much they are earlier.
 *
 * The old curve stays while the new one loads. A range that ends now is computed when it is asked for.
 */
export const trendQuery = (request: TrendRequest, serverNowMs: () => number) =>
  queryOptions({
    queryKey: ["trend", ...keyOf(request), reachMs(request, serverNowMs())],
    queryFn: async ({ signal }): Promise<Curves> => {
      const nowMs = serverNowMs();
      const bounds = asked(request, nowMs);
      const byMs = boundsOf(request.range, nowMs, request.zone).startMs - bounds.startMs;
      const endMs = Math.max(bounds.endMs, Math.min(nowMs, bounds.endMs + sideMs(request, bounds)));
      const whole = { startMs: bounds.startMs - reachMs(request, nowMs), endMs };
      const share = (whole.endMs - whole.startMs) / (bounds.endMs - bounds.startMs);
      const query = {
        point: request.points,
        ...times(whole),
        buckets: Math.min(MOST_BUCKETS, Math.round(request.buckets * share)),
      };
      return { trend: await get("/api/trend", query, signal), byMs, bounds };
    },
    enabled: request.points.length > 0 && request.buckets > 0,
    staleTime: FRESH_MS,
    placeholderData: (previous) => previous,
    refetchInterval: refreshMs(request),
  });

/** Exact figures of the range, from every sample in it; its mean counts samples, not time. */
export interface Figures {
  readonly last: number | null;
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
  readonly goodPercent: number | null;
  readonly count: number;
}

const AGGREGATES = ["last", "min", "mean", "max", "good_percent", "count"] as const;

export const figuresQuery = (request: TrendRequest, serverNowMs: () => number) =>
  queryOptions({
    queryKey: ["figures", ...keyOf({ ...request, buckets: 1 })],
    queryFn: async ({ signal }) => {
      const query = {
        point: request.points,
        ...times(asked(request, serverNowMs())),
        every: ALL_TIME,
        aggregate: AGGREGATES,
      };
      const { series } = await get("/api/history/buckets", query, signal);
      return new Map(
        series.map(({ point_id, values }): [number, Figures] => {
          const one = (name: (typeof AGGREGATES)[number]) => values[name]?.at(-1) ?? null;
          const goodPercent = one("good_percent");
          const count = one("count") ?? 0;
          return [
            point_id,
            { last: one("last"), min: one("min"), mean: one("mean"), max: one("max"), goodPercent, count },
          ];
        }),
      );
    },
    enabled: request.points.length > 0,
    placeholderData: (previous) => previous,
    refetchInterval: refreshMs(request),
  });
