import { queryOptions } from "@tanstack/react-query";
import { get } from "./client.ts";

const CATALOG_POLL_MS = 10_000;

export const sitesQuery = queryOptions({
  queryKey: ["sites"],
  queryFn: ({ signal }) => get("/api/sites", {}, signal),
  refetchInterval: CATALOG_POLL_MS,
});

/** Asked again every few seconds, so that a device added elsewhere appears without a reload. */
export const devicesQuery = queryOptions({
  queryKey: ["devices"],
  queryFn: ({ signal }) => get("/api/devices", {}, signal),
  refetchInterval: CATALOG_POLL_MS,
});

/** A device with its points. They change only when someone edits the device or its profile. */
export const deviceQuery = (deviceId: number) =>
  queryOptions({
    queryKey: ["devices", deviceId],
    queryFn: ({ signal }) => get("/api/devices/{device_id}", { device_id: deviceId }, signal),
    staleTime: 60_000,
  });
