import type { Device, GroupDetail, Site } from "@/api/types.ts";

/** Devices under a heading: those of a site, or of a group. */
export interface Section {
  readonly key: string;
  /** Of a site; empty when its name says it already. */
  readonly code: string;
  readonly name: string;
  readonly devices: readonly Device[];
}

export const ARRANGEMENTS = ["site", "group"] as const;
export type Arrangement = (typeof ARRANGEMENTS)[number];

export function bySite(sites: readonly Site[], devices: readonly Device[]): Section[] {
  return sites.map(({ id, code, name }) => ({
    key: `site/${id}`,
    code: name.split(/\s/).includes(code) ? "" : code,
    name,
    devices: devices.filter((device) => device.site_id === id),
  }));
}

/** A device may be in several groups, and stands in each; those in none come last, under the name `rest`. */
export function byGroup(groups: readonly GroupDetail[], devices: readonly Device[], rest: string): Section[] {
  const known = new Map(devices.map((device) => [device.id, device]));
  const inSome = new Set(groups.flatMap((group) => group.devices.map((member) => member.id)));
  const sections = groups.map((group) => ({
    key: `group/${group.id}`,
    code: "",
    name: group.name,
    devices: group.devices.flatMap((member) => known.get(member.id) ?? []),
  }));
  return [
    ...sections,
    { key: "rest", code: "", name: rest, devices: devices.filter((device) => !inSome.has(device.id)) },
  ];
}
