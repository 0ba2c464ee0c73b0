import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/time.ts";
import { atWall, offsetMs, wallOf } from "@/lib/zone.ts";
import type { Bounds } from "./time-range.ts";

const STEPS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
];
const STEPS_DAYS = [1, 2, 7, 14];
const STEPS_MONTHS = [1, 2, 3, 6, 12, 24, 60, 120];
const MONTH_DAYS = 30.4;

/** Round times on the clocks of the zone, at most about `most` of them. */
export function timeTicks({ startMs, endMs }: Bounds, most: number, zone: string): number[] {
  const shortestMs = (endMs - startMs) / Math.max(1, most);
  const stepMs = STEPS_MS.find((step) => step >= shortestMs);
  if (stepMs) return clockTicks(startMs, endMs, stepMs, zone);
  const days = STEPS_DAYS.find((step) => step * DAY_MS >= shortestMs);
  if (days) return dayTicks(startMs, endMs, days, zone);
  const months = STEPS_MONTHS.find((step) => step * MONTH_DAYS * DAY_MS >= shortestMs) ?? 120;
  return monthTicks(startMs, endMs, months, zone);
}

/** Multiples of a part of the day, counted on the clocks: 00:00, 06:00, 12:00 whatever the offset. */
function clockTicks(startMs: number, endMs: number, stepMs: number, zone: string): number[] {
  const ticks: number[] = [];
  const aheadMs = offsetMs(startMs, zone);
  for (let shown = Math.ceil((startMs + aheadMs) / stepMs) * stepMs; ; shown += stepMs) {
    // Where clocks change in the range, what they show moves against UTC.
    const guess = shown - aheadMs;
    const atMs = guess + aheadMs - offsetMs(guess, zone);
    if (guess - HOUR_MS > endMs) return ticks;
    if (atMs >= startMs && atMs <= endMs && atMs > (ticks.at(-1) ?? Number.NEGATIVE_INFINITY)) ticks.push(atMs);
  }
}

function dayTicks(startMs: number, endMs: number, days: number, zone: string): number[] {
  const { year, month, day } = wallOf(startMs, zone);
  const serial = Date.UTC(year, month - 1, day) / DAY_MS;
  // Day 4 since 1970 was a Monday: weeks begin with one.
  const behind = (((serial - 4) % days) + days) % days;
  const ticks: number[] = [];
  for (let at = day - behind; ; at += days) {
    const atMs = atWall({ year, month, day: at }, zone);
    if (atMs > endMs) return ticks;
    if (atMs >= startMs) ticks.push(atMs);
  }
}

function monthTicks(startMs: number, endMs: number, months: number, zone: string): number[] {
  const wall = wallOf(startMs, zone);
  const first = Math.floor((wall.year * 12 + wall.month - 1) / months) * months;
  const ticks: number[] = [];
  for (let at = first; ; at += months) {
    const atMs = atWall({ year: Math.floor(at / 12), month: (at % 12) + 1, day: 1 }, zone);
    if (atMs > endMs) return ticks;
    if (atMs >= startMs) ticks.push(atMs);
  }
}

/** How the ticks of an axis are written: as fine as they are, with the day where one begins. */
export function tickNames(ticks: readonly number[], zone: string): ("clock" | "minute" | "day" | "month")[] {
  const stepMs = (ticks[1] ?? 0) - (ticks[0] ?? 0);
  return ticks.map((atMs) => {
    const { hour, minute, second, day } = wallOf(atMs, zone);
    if (stepMs > 27 * DAY_MS) return "month";
    if (hour === 0 && minute === 0 && second === 0) return stepMs > 7 * DAY_MS && day === 1 ? "month" : "day";
    return stepMs > 0 && stepMs < MINUTE_MS ? "clock" : "minute";
  });
}
