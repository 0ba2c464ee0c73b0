import type { Device } from "@/api/types.ts";
import { DEVICE_STATES, type DeviceState } from "@/components/device-state.ts";
import { matchesQuery } from "@/lib/texts.ts";
import { ARRANGEMENTS, type Arrangement, type Section } from "./sections.ts";

export interface Filter {
  readonly query: string;
  readonly state: DeviceState | null;
  readonly by: Arrangement;
}

/** What the address of the page asks for; an unknown state asks for nothing. */
export function filterFromUrl(params: URLSearchParams): Filter {
  const state = DEVICE_STATES.find((one) => one === params.get("state"));
  const by = ARRANGEMENTS.find((one) => one === params.get("by"));
  return { query: params.get("q") ?? "", state: state ?? null, by: by ?? "site" };
}

export function filterToUrl(filter: Filter): URLSearchParams {
  const params = new URLSearchParams();
  if (filter.query) params.set("q", filter.query);
  if (filter.state) params.set("state", filter.state);
  if (filter.by !== "site") params.set("by", filter.by);
  return params;
}

export type Counts = Readonly<Record<DeviceState, number>>;

export function countByState(devices: readonly Device[], stateOf: (device: Device) => DeviceState): Counts {
  const counts = { critical: 0, warning: 0, offline: 0, error: 0, unknown: 0, normal: 0 };
  for (const device of devices) counts[stateOf(device)] += 1;
  return counts;
}

/**
 * The sections with the devices that match; those without any are left out.
 *
 * `words`: what of a device can be searched for beside its section: its site, and its kind in the user's language.
 */
export function matching(
  sections: readonly Section[],
  filter: Filter,
  stateOf: (device: Device) => DeviceState,
  words: (device: Device) => readonly string[],
): Section[] {
  const matches = (section: Section, device: Device) =>
    (filter.state === null || stateOf(device) === filter.state) &&
    matchesQuery(filter.query, device.name, section.name, device.link, device.profile, ...words(device));
  return sections
    .map((section) => ({ ...section, devices: section.devices.filter((device) => matches(section, device)) }))
    .filter((section) => section.devices.length > 0);
}
