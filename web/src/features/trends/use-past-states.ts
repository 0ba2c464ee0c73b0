import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { DeviceDetail, Trend } from "@/api/types.ts";
import { refText } from "@/lib/trend-link.ts";
import { useLiveStore } from "@/live/live-context.ts";
import type { ChartPoint } from "./chart-points.ts";
import { type StateSpan, spansOf, type Watched, watchedOf } from "./device-states.ts";
import { reachMs, type TrendRequest, trendQuery } from "./queries.ts";

const NONE: readonly StateSpan[] = [];

const slowestMs = (watched: readonly Watched[]) =>
  1000 * Math.max(0, ...watched.map(({ point }) => point.recorded_every_s));

interface Drawn {
  points: readonly ChartPoint[];
  request: TrendRequest;
  /** Undefined until it is there: what is seen first comes first. */
  trend: Trend | undefined;
}

/** The points that the curves say nothing of, or not from early enough on to tell what held when the range begins. */
function useUntold(watched: readonly Watched[], { points, request }: Drawn): readonly Watched[] {
  const toldMs = reachMs(request, useLiveStore().serverNowMs());
  return useMemo(() => {
    const drawn = new Set(points.map(({ point }) => point.id));
    return watched.filter((one) => !drawn.has(one.point.id) || slowestMs([one]) > toldMs);
  }, [watched, points, toldMs]);
}

/** When the devices of a chart were not normal; what the curves do not tell is asked for after them. */
export function usePastStates(devices: ReadonlyMap<number, DeviceDetail>, drawn: Drawn): readonly StateSpan[] {
  const { points, request, trend } = drawn;
  const { serverNowMs } = useLiveStore();
  const watched = useMemo(() => watchedOf([...devices.values()], points), [devices, points]);
  const untold = useUntold(watched, drawn);
  const asked = { ...request, points: untold.map(({ deviceId, point }) => refText({ deviceId, key: point.key })) };
  const others = useQuery({
    ...trendQuery({ ...asked, comparison: null, leadMs: slowestMs(untold) }, serverNowMs),
    enabled: trend !== undefined && untold.length > 0 && request.buckets > 0,
  }).data?.trend;
  return useMemo(() => {
    if (!trend || watched.length === 0) return NONE;
    if (untold.length === 0) return spansOf(watched, [trend], serverNowMs());
    return others ? spansOf(watched, [others, trend], serverNowMs()) : NONE;
  }, [watched, untold, trend, others, serverNowMs]);
}
