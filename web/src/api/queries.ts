import { queryOptions } from "@tanstack/react-query";
import { get } from "./client.ts";

const CATALOG_POLL_MS = 10_000;
const LINKS_POLL_MS = 5000;
const POINTS_POLL_MS = 300_000;
const MANY_DEVICES = 200;
const MANY_POLL_MS = 60_000;

export const sitesQuery = queryOptions({
  queryKey: ["sites"],
  queryFn: ({ signal }) => get("/api/sites", {}, signal),
  refetchInterval: CATALOG_POLL_MS,
});

/** Asked again every few seconds, so that a device added elsewhere appears without a reload. */
export const devicesQuery = queryOptions({
  queryKey: ["devices"],
  queryFn: ({ signal }) => get("/api/devices", {}, signal),
  refetchInterval: (query) => ((query.state.data?.length ?? 0) > MANY_DEVICES ? MANY_POLL_MS : CATALOG_POLL_MS),
});

/** Groups with their members, as many requests as there are groups and one. */
export const groupsQuery = queryOptions({
  queryKey: ["groups"],
  queryFn: async ({ signal }) => {
    const groups = await get("/api/groups", {}, signal);
    return Promise.all(groups.map(({ id }) => get("/api/groups/{group_id}", { group_id: id }, signal)));
  },
  staleTime: 30_000,
});

/** A device with its points. They change when someone edits the device or its profile, or sets a controller otherwise. */
export const deviceQuery = (deviceId: number) =>
  queryOptions({
    queryKey: ["devices", deviceId],
    queryFn: ({ signal }) => get("/api/devices/{device_id}", { device_id: deviceId }, signal),
    staleTime: 60_000,
    refetchInterval: POINTS_POLL_MS,
  });

/** How each connection and bus is doing. */
export const linksQuery = queryOptions({
  queryKey: ["links"],
  queryFn: ({ signal }) => get("/api/links", {}, signal),
  refetchInterval: LINKS_POLL_MS,
});
