import type { Device, DeviceStatus, Site } from "@/api/types.ts";
import { matchesQuery } from "@/lib/texts.ts";

export const STATUSES = ["online", "offline", "error", "unknown"] as const satisfies readonly DeviceStatus[];

export interface Filter {
  readonly query: string;
  readonly status: DeviceStatus | null;
}

/** What the address of the page asks for; an unknown status asks for nothing. */
export function filterFromUrl(params: URLSearchParams): Filter {
  const status = STATUSES.find((one) => one === params.get("status"));
  return { query: params.get("q") ?? "", status: status ?? null };
}

export function filterToUrl(filter: Filter): URLSearchParams {
  const params = new URLSearchParams();
  if (filter.query) params.set("q", filter.query);
  if (filter.status) params.set("status", filter.status);
  return params;
}

export function countByStatus(devices: readonly Device[], statusOf: (device: Device) => DeviceStatus) {
  const counts: Record<DeviceStatus, number> = { online: 0, offline: 0, error: 0, unknown: 0 };
  for (const device of devices) counts[statusOf(device)] += 1;
  return counts;
}

export interface SiteDevices {
  readonly site: Site;
  readonly devices: readonly Device[];
}

/** The devices that match, by site; sites without any are left out. `kindName` is the kind in the user's language. */
export function matchingBySite(
  sites: readonly Site[],
  devices: readonly Device[],
  filter: Filter,
  statusOf: (device: Device) => DeviceStatus,
  kindName: (device: Device) => string,
): SiteDevices[] {
  const matches = (site: Site, device: Device) =>
    (filter.status === null || statusOf(device) === filter.status) &&
    matchesQuery(filter.query, device.name, site.code, site.name, device.link, device.profile, kindName(device));
  return sites
    .map((site) => ({ site, devices: devices.filter((one) => one.site_id === site.id && matches(site, one)) }))
    .filter((group) => group.devices.length > 0);
}
