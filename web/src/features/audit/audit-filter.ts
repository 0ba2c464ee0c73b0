import { atWall } from "@/lib/zone.ts";

export const ACTIONS = ["added", "changed", "deleted", "signed_in", "signed_out", "refused", "revoked"] as const;
export type Action = (typeof ACTIONS)[number];

export const KINDS = [
  "device",
  "site",
  "link",
  "group",
  "group_member",
  "trend_log",
  "profile",
  "user",
  "token",
  "write",
  "configuration",
  "backup",
] as const;
export type Kind = (typeof KINDS)[number];

export interface AuditFilter {
  readonly who: string;
  readonly kind: Kind | null;
  readonly action: Action | null;
  /** Days as the calendar field writes them, 2026-11-21; empty for no bound. */
  readonly first: string;
  readonly last: string;
}

/** What the address of the page asks for; what is no such thing asks for nothing. */
export function filterFromUrl(params: URLSearchParams): AuditFilter {
  const day = (name: string) => {
    const text = params.get(name) ?? "";
    return Number.isNaN(Date.parse(text)) ? "" : text;
  };
  return {
    who: params.get("who") ?? "",
    kind: KINDS.find((kind) => kind === params.get("kind")) ?? null,
    action: ACTIONS.find((action) => action === params.get("action")) ?? null,
    first: day("first"),
    last: day("last"),
  };
}

export function filterToUrl(filter: AuditFilter): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value) params.set(name, value);
  return params;
}

/** When clocks of the zone begin the day, so many days after this one. */
function midnight(text: string, later: number, zone: string): string {
  const [year = 1970, month = 1, day = 1] = text.split("-").map(Number);
  return new Date(atWall({ year, month, day: day + later }, zone)).toISOString();
}

/** The filter as the server takes it; days are those of the zone, and the last belongs to the range. */
export function askedOf(filter: AuditFilter, zone: string): Record<string, string> {
  return {
    ...(filter.who && { who: filter.who }),
    ...(filter.kind && { kind: filter.kind }),
    ...(filter.action && { action: filter.action }),
    ...(filter.first && { start_time: midnight(filter.first, 0, zone) }),
    ...(filter.last && { end_time: midnight(filter.last, 1, zone) }),
  };
}
