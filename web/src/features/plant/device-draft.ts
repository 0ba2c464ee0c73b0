import type { DeviceDetail, NewDevice, Profile } from "@/api/types.ts";
import { composeLink, EMPTY_LINK, isSerial, type LinkParts, takeApart } from "./link-address.ts";

/** A device as it is typed; the names are those of the server, so that its complaints find their fields. */
export interface DeviceDraft {
  name: string;
  site_id: string | null;
  profile: string | null;
  link: LinkParts;
  unit_id: string;
  interval_s: string;
  enabled: boolean;
  description: string;
}

export const FIELDS = ["name", "site_id", "profile", "link", "unit_id", "interval_s", "enabled", "description"];

const EMPTY_DEVICE: DeviceDraft = {
  name: "",
  site_id: null,
  profile: null,
  link: EMPTY_LINK,
  unit_id: "1",
  interval_s: "5",
  enabled: true,
  description: "",
};

/** A new device, with its profile when that is known already. */
export function newDraft(first?: Profile): DeviceDraft {
  return first ? { ...EMPTY_DEVICE, profile: first.key, interval_s: String(first.interval_s) } : EMPTY_DEVICE;
}

export function draftOf(device: DeviceDetail): DeviceDraft {
  return {
    name: device.name,
    site_id: String(device.site_id),
    profile: device.profile || null,
    link: takeApart(device.link),
    unit_id: String(device.unit_id),
    interval_s: String(device.interval_s),
    enabled: device.enabled,
    description: device.description,
  };
}

/** What the server is sent for a device; the rest of its settings are as usual. */
export function bodyOf(draft: DeviceDraft): NewDevice {
  const { name, enabled, description } = draft;
  const body = {
    name: name.trim(),
    site_id: Number(draft.site_id),
    profile: draft.profile ?? "",
    link: composeLink(draft.link),
    unit_id: Number(draft.unit_id),
    interval_s: Number(draft.interval_s),
    enabled,
    description: description.trim(),
  } satisfies Partial<NewDevice>;
  return body as NewDevice;
}

/** Whether enough is typed to look for the device: what it is, and where. */
export function isReachable({ profile, link }: DeviceDraft): boolean {
  return profile !== null && (isSerial(link.framing) ? link.path : link.host).trim() !== "";
}

/** Of a device that is there already, only what differs: what was set elsewhere stays as it is. */
export function changeOf(draft: DeviceDraft, before: DeviceDraft): Partial<NewDevice> {
  const old: Record<string, unknown> = { ...bodyOf(before) };
  const differing = Object.entries(bodyOf(draft)).filter(([name, value]) => old[name] !== value);
  return Object.fromEntries(differing);
}
