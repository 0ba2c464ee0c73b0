import { queryOptions, useQuery } from "@tanstack/react-query";
import { shownZone } from "@/lib/zone.ts";
import { devicesQuery, sitesQuery } from "./queries.ts";
import { useUser } from "./use-session.ts";

/** The zone that the account chose; empty for none. */
export function useChosenZone(): string {
  return useUser()?.zone ?? "";
}

/** Seldom changed, and wanted by every tile: the pages that list sites keep them fresh. */
const zonesQuery = queryOptions({ ...sitesQuery, staleTime: 60_000, refetchInterval: false });

/** On whose clocks times of these sites' data are told. */
export function useSiteZone(siteIds: readonly number[]): string {
  const chosen = useChosenZone();
  const sites = useQuery(zonesQuery).data ?? [];
  return shownZone(
    chosen,
    sites.filter((site) => siteIds.includes(site.id)).map((site) => site.zone),
  );
}

/** On whose clocks times of a device are told; null is no device. */
export function useDeviceZone(deviceId: number | null): string {
  const device = useQuery({ ...devicesQuery, enabled: deviceId !== null }).data?.find(({ id }) => id === deviceId);
  return useSiteZone(device ? [device.site_id] : []);
}
