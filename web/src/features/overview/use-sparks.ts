import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Point } from "@/api/types.ts";
import { isStepped } from "@/lib/value-words.ts";
import { useLiveStore } from "@/live/live-context.ts";
import { sparksQuery } from "./queries.ts";
import { sparkPath } from "./spark-path.ts";

/** The lines of the last hour by point, of those that are numbers. */
export function useSparks(points: readonly Point[], idOf: (point: Point) => number | undefined) {
  const store = useLiveStore();
  const numbers = points.filter((point) => !isStepped(point) && point.type !== "string");
  const ids = numbers.flatMap((point) => idOf(point) ?? []);
  const trend = useQuery(sparksQuery(ids, store.serverNowMs)).data;
  return useMemo(() => {
    if (!trend) return new Map<number, string>();
    const { start_ms, end_ms, bucket_ms } = trend;
    return new Map(trend.series.map((one) => [one.point_id, sparkPath(one, start_ms, end_ms, bucket_ms)]));
  }, [trend]);
}
