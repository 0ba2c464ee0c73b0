import { atWall, type Wall, wallOf } from "@/lib/zone.ts";

export const UNITS = ["day", "week", "month"] as const;
export type Unit = (typeof UNITS)[number];

type Day = Pick<Wall, "year" | "month" | "day">;

/** A day, week (from Monday) or month as clocks of a zone show them: this one, the one before, or that of a date. */
export interface Calendar {
  readonly unit: Unit;
  readonly which: "this" | "last" | Day;
}

const NAMES: Record<string, Calendar> = {
  today: { unit: "day", which: "this" },
  yesterday: { unit: "day", which: "last" },
  "this-week": { unit: "week", which: "this" },
  "last-week": { unit: "week", which: "last" },
  "this-month": { unit: "month", which: "this" },
  "last-month": { unit: "month", which: "last" },
};

/** The ranges that are one click away, by what the address says. */
export const CALENDAR_NAMES = ["today", "yesterday", "this-week", "last-week", "this-month", "last-month"] as const;
export type CalendarName = (typeof CALENDAR_NAMES)[number];

export function calendarFromUrl(text: string): Calendar | null {
  const named = Object.hasOwn(NAMES, text) ? NAMES[text] : undefined;
  if (named) return named;
  const match = /^(day|week|month)-(\d{4})(\d{2})(\d{2})$/.exec(text);
  const unit = UNITS.find((one) => one === match?.[1]);
  if (!match || !unit) return null;
  const day = { year: Number(match[2]), month: Number(match[3]), day: Number(match[4]) };
  return sameDay(normal(day), day) ? { unit, which: day } : null;
}

export function calendarToUrl({ unit, which }: Calendar): string {
  if (typeof which === "object")
    return `${unit}-${digits(which.year, 4)}${digits(which.month, 2)}${digits(which.day, 2)}`;
  if (unit === "day") return which === "this" ? "today" : "yesterday";
  return `${which}-${unit}`;
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, "0");
}

/** From when to when it goes, also when that is not over yet. */
export function calendarBounds(calendar: Calendar, nowMs: number, zone: string): { startMs: number; endMs: number } {
  const first = firstDay(calendar, nowMs, zone);
  return { startMs: atWall(first, zone), endMs: atWall(moved(first, calendar.unit, 1), zone) };
}

/** The one before or after, by its name if it has one; nothing is later than this one. */
export function neighbour(calendar: Calendar, direction: -1 | 1, nowMs: number, zone: string): Calendar {
  const { unit } = calendar;
  const now = firstDay({ unit, which: "this" }, nowMs, zone);
  const next = moved(firstDay(calendar, nowMs, zone), unit, direction);
  if (serial(next) >= serial(now)) return { unit, which: "this" };
  return { unit, which: sameDay(next, moved(now, unit, -1)) ? "last" : next };
}

/** What is there a number of days earlier on the same clocks. */
export function daysBefore(atMs: number, days: number, zone: string): number {
  const wall = wallOf(atMs, zone);
  return atWall({ ...wall, day: wall.day - days }, zone) + (atMs % 1000);
}

function firstDay({ unit, which }: Calendar, nowMs: number, zone: string): Day {
  const day = typeof which === "object" ? which : wallOf(nowMs, zone);
  const first = beginning(unit, day);
  return which === "last" ? moved(first, unit, -1) : first;
}

function beginning(unit: Unit, { year, month, day }: Day): Day {
  if (unit === "month") return { year, month, day: 1 };
  if (unit === "day") return { year, month, day };
  const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  return normal({ year, month, day: day - weekday });
}

function moved({ year, month, day }: Day, unit: Unit, by: number): Day {
  if (unit === "month") return normal({ year, month: month + by, day });
  return normal({ year, month, day: day + by * (unit === "week" ? 7 : 1) });
}

/** The same day, with no month or day that runs over. */
function normal({ year, month, day }: Day): Day {
  const at = new Date(Date.UTC(year, month - 1, day));
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() };
}

function serial({ year, month, day }: Day): number {
  return Date.UTC(year, month - 1, day);
}

function sameDay(one: Day, other: Day): boolean {
  return serial(one) === serial(other) && one.month === other.month && one.day === other.day;
}
