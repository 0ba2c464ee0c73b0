import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/client.ts";
import type { Device } from "@/api/types.ts";
import { HOUR_MS } from "@/lib/time.ts";
import { SPARK_COLUMNS } from "./spark.ts";

/** The points of a tile and the alarms of a profile, as any one device of it has them. */
export const profilePointsQuery = (device: Device) =>
  queryOptions({
    // Devices with points of their own have no profile to share.
    queryKey: ["devices", "profile-points", device.profile || device.id],
    queryFn: async ({ signal }) => {
      const { points } = await get("/api/devices/{device_id}", { device_id: device.id, overview: true }, signal);
      return { shown: points.filter((point) => point.overview), alarms: points.filter((point) => point.alarm) };
    },
    staleTime: 60_000,
  });

/** The last hour of some points, in a few columns. */
export const sparksQuery = (pointIds: readonly number[], serverNowMs: () => number) =>
  queryOptions({
    queryKey: ["sparks", pointIds],
    queryFn: async ({ signal }) => {
      const endMs = serverNowMs();
      const range = {
        start_time: new Date(endMs - HOUR_MS).toISOString(),
        end_time: new Date(endMs).toISOString(),
      };
      return get("/api/trend", { point_id: pointIds, ...range, buckets: SPARK_COLUMNS }, signal);
    },
    staleTime: 55_000,
    refetchInterval: 60_000,
    retry: false,
  });
