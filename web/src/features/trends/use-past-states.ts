import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { DeviceDetail } from "@/api/types.ts";
import { useLiveStore } from "@/live/live-context.ts";
import type { ChartPoint } from "./chart-points.ts";
import { type StateSpan, spansOf, watchedOf } from "./device-states.ts";
import { type TrendRequest, trendQuery } from "./queries.ts";

const NONE: readonly StateSpan[] = [];

/** When the devices of a chart were not normal; asked for when `isWanted`, after the curves. */
export function usePastStates(
  devices: ReadonlyMap<number, DeviceDetail>,
  points: readonly ChartPoint[],
  request: TrendRequest,
  isWanted: boolean,
): readonly StateSpan[] {
  const { serverNowMs } = useLiveStore();
  const watched = useMemo(() => watchedOf([...devices.values()], points), [devices, points]);
  const slowestS = Math.max(0, ...watched.map(({ point }) => point.recorded_every_s));
  const asked = { ...request, comparison: null, leadMs: slowestS * 1000 };
  const { data } = useQuery({
    ...trendQuery({ ...asked, pointIds: watched.map(({ point }) => point.id) }, serverNowMs),
    enabled: isWanted && watched.length > 0 && request.buckets > 0,
  });
  return useMemo(() => (data ? spansOf(watched, data.trend, serverNowMs()) : NONE), [watched, data, serverNowMs]);
}
