import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/client.ts";
import { boundsOf, PRESETS, rangeToUrl, type TimeRange } from "./time-range.ts";

export interface TrendRequest {
  readonly pointIds: readonly number[];
  readonly range: TimeRange;
  /** As many columns as the chart has pixels. */
  readonly buckets: number;
}

/** How often a chart that follows the present asks again: about once a column, and no more than every two seconds. */
function refreshMs({ range, buckets }: TrendRequest): number | false {
  if (range.kind === "between") return false;
  return Math.min(60_000, Math.max(2000, PRESETS[range.name] / Math.max(1, buckets)));
}

/** The old curve stays while the new one loads. A range that ends now is computed when it is asked for. */
export const trendQuery = (request: TrendRequest, serverNowMs: () => number) =>
  queryOptions({
    queryKey: ["trend", request.pointIds, rangeToUrl(request.range), request.buckets],
    queryFn: ({ signal }) => {
      const { startMs, endMs } = boundsOf(request.range, serverNowMs());
      const query = {
        point_id: request.pointIds,
        start_time: new Date(startMs).toISOString(),
        end_time: new Date(endMs).toISOString(),
        buckets: request.buckets,
      };
      return get("/api/trend", query, signal);
    },
    enabled: request.pointIds.length > 0 && request.buckets > 0,
    placeholderData: (previous) => previous,
    refetchInterval: refreshMs(request),
  });
