import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/client.ts";
import type { Device } from "@/api/types.ts";

/** The key points of a profile, as any one device of it has them. */
export const profilePointsQuery = (device: Device) =>
  queryOptions({
    queryKey: ["profile-points", device.profile],
    queryFn: async ({ signal }) => {
      const detail = await get("/api/devices/{device_id}", { device_id: device.id }, signal);
      return detail.points.filter((point) => point.overview);
    },
    staleTime: 60_000,
  });
