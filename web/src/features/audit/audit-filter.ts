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

/** Midnight of this computer's clock, so many days after the day. */
function midnight(day: string, later: number): string {
  const date = new Date(`${day}T00:00`);
  date.setDate(date.getDate() + later);
  return date.toISOString();
}

/** The filter as the server takes it. The last day belongs to the range. */
export function askedOf(filter: AuditFilter): Record<string, string> {
  return {
    ...(filter.who && { who: filter.who }),
    ...(filter.kind && { kind: filter.kind }),
    ...(filter.action && { action: filter.action }),
    ...(filter.first && { start_time: midnight(filter.first, 0) }),
    ...(filter.last && { end_time: midnight(filter.last, 1) }),
  };
}
