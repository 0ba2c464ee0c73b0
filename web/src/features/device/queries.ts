import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/client.ts";

const DAY_POLL_MS = 60_000;
const FRAMES_POLL_MS = 1000;
/** One bucket for all of history: the longest that is a multiple of an hour, so that roll-ups can answer. */
const ALL_TIME = "36500d";

/** The lowest and highest value of a point since the day began. */
export interface DayRange {
  readonly min: number;
  readonly max: number;
}

/** Of at most 20 points. */
export const dayQuery = (pointIds: readonly number[], dayStartMs: number) =>
  queryOptions({
    queryKey: ["day", pointIds, dayStartMs],
    queryFn: async ({ signal }) => {
      const query = {
        point_id: pointIds,
        start_time: new Date(dayStartMs).toISOString(),
        every: ALL_TIME,
        aggregate: ["min", "max"],
      };
      const { series } = await get("/api/history/buckets", query, signal);
      return series.flatMap(({ point_id, values }): [number, DayRange][] => {
        const min = values["min"]?.at(-1);
        const max = values["max"]?.at(-1);
        return typeof min === "number" && typeof max === "number" ? [[point_id, { min, max }]] : [];
      });
    },
    refetchInterval: DAY_POLL_MS,
    staleTime: DAY_POLL_MS,
  });

export const planQuery = (deviceId: number) =>
  queryOptions({
    queryKey: ["devices", deviceId, "plan"],
    queryFn: ({ signal }) => get("/api/devices/{device_id}/plan", { device_id: deviceId }, signal),
    refetchInterval: 10_000,
  });

/** The last frames of a link, or those around one of its faults, which stay as they are. */
export const framesQuery = (link: string, fault: number | null, isPaused: boolean) =>
  queryOptions({
    queryKey: ["frames", link, fault],
    queryFn: ({ signal }) => get("/api/links/trace", { link, fault: fault ?? undefined }, signal),
    refetchInterval: fault === null && !isPaused ? FRAMES_POLL_MS : false,
  });

export const controlsQuery = (deviceId: number) =>
  queryOptions({
    queryKey: ["devices", deviceId, "controls"],
    queryFn: ({ signal }) => get("/api/devices/{device_id}/controls", { device_id: deviceId }, signal),
    staleTime: 10_000,
  });

export const ordersQuery = (deviceId: number) =>
  queryOptions({
    queryKey: ["devices", deviceId, "orders"],
    queryFn: ({ signal }) => get("/api/writes", { device_id: deviceId, limit: 20 }, signal),
    refetchInterval: 5000,
  });
