/** Clocks of an IANA zone, by the browser's own tables. */

export interface Wall {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const QUARTER_MS = 900_000;
const MOST_KNOWN = 4096;
const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

let ownZone: string | null = null;

/** Asked once: the browser takes half a millisecond to tell it. */
export function browserZone(): string {
  ownZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return ownZone;
}

/**
 * On whose clocks times are told: those of the zone that the reader chose for the account (empty for none), else
 * those of the sites that the data is of, else, where the sites differ or there are none, those of this browser.
 */
export function shownZone(chosen: string, siteZones: readonly string[] = []): string {
  const [first, ...others] = new Set(siteZones);
  return chosen || (first !== undefined && others.length === 0 ? first : browserZone());
}

/** Whether clocks of the zone show the time that this computer shows. */
export function agreesWithBrowser(atMs: number, zone: string): boolean {
  return offsetMs(atMs, zone) === offsetMs(atMs, browserZone());
}

/** A zone as people read it. */
export function zoneName(zone: string): string {
  return zone.replaceAll("_", " ");
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(zone, made);
  return made;
}

function shownAsUtcMs(atMs: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(atMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** How far clocks of the zone are ahead of UTC. They only ever change at a quarter of an hour. */
export function offsetMs(atMs: number, zone: string): number {
  if (zone === "UTC") return 0;
  const quarter = Math.floor(atMs / QUARTER_MS);
  const key = `${zone}/${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const found = shownAsUtcMs(quarter * QUARTER_MS, zone) - quarter * QUARTER_MS;
  if (offsets.size >= MOST_KNOWN) offsets.clear();
  offsets.set(key, found);
  return found;
}

/** What clocks of the zone show. */
export function wallOf(atMs: number, zone: string): Wall {
  const shown = new Date(atMs + offsetMs(atMs, zone));
  return {
    year: shown.getUTCFullYear(),
    month: shown.getUTCMonth() + 1,
    day: shown.getUTCDate(),
    hour: shown.getUTCHours(),
    minute: shown.getUTCMinutes(),
    second: shown.getUTCSeconds(),
  };
}

/** When clocks first show this, or would have, had they not jumped over it. Days and months may run over. */
export function atWall(wall: Partial<Wall> & Pick<Wall, "year" | "month" | "day">, zone: string): number {
  const { year, month, day, hour = 0, minute = 0, second = 0 } = wall;
  const shown = Date.UTC(year, month - 1, day, hour, minute, second);
  const candidates = [shown - offsetMs(shown - 86_400_000, zone), shown - offsetMs(shown + 86_400_000, zone)];
  const exact = candidates.filter((atMs) => atMs + offsetMs(atMs, zone) === shown);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
}
