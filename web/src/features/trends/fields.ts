import { atWall, wallOf } from "@/lib/zone.ts";

const two = (value: number) => String(value).padStart(2, "0");

/** What a date field wants: the day as clocks of the zone show it. */
export function dayField(atMs: number, zone: string): string {
  const { year, month, day } = wallOf(atMs, zone);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

/** What a datetime-local field wants: time without a zone, here as clocks of the zone show it. */
export function toField(atMs: number, zone: string): string {
  const { hour, minute, second } = wallOf(atMs, zone);
  return `${dayField(atMs, zone)}T${two(hour)}:${two(minute)}:${two(second)}`;
}

/** The moment that such a field means; NaN while it is not filled in. */
export function fromField(text: string, zone: string): number {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?/.exec(text);
  if (!match) return Number.NaN;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  return atWall({ year, month, day, hour, minute, second }, zone);
}
