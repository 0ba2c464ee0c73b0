import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "@/lib/time.ts";
import { tickNames, timeTicks } from "./time-ticks.ts";

const BERLIN = "Europe/Berlin";
const at = (text: string) => Date.parse(text);
const iso = (ticks: number[]) => ticks.map((tick) => new Date(tick).toISOString().slice(5, 16));

test("ticks are round on the clocks of the zone, not in UTC", () => {
  const startMs = at("2026-11-21T03:20:00Z");
  const ticks = timeTicks({ startMs, endMs: startMs + DAY_MS }, 5, "Asia/Kathmandu");
  expect(iso(ticks)).toEqual(["11-21T06:15", "11-21T12:15", "11-21T18:15", "11-22T00:15"]);
  expect(tickNames(ticks, "Asia/Kathmandu")).toEqual(["minute", "minute", "day", "minute"]);
});

test("days begin at midnight, also over a change of clocks", () => {
  const startMs = at("2026-10-24T12:00:00Z");
  const ticks = timeTicks({ startMs, endMs: startMs + 3 * DAY_MS }, 4, BERLIN);
  expect(iso(ticks)).toEqual(["10-24T22:00", "10-25T23:00", "10-26T23:00"]);
});

test("within the day of a change of clocks no tick is told twice or in disorder", () => {
  for (const day of ["2026-10-25", "2026-03-29"]) {
    const startMs = at(`${day}T00:00:00Z`) - 3 * HOUR_MS;
    const ticks = timeTicks({ startMs, endMs: startMs + 12 * HOUR_MS }, 14, BERLIN);
    expect(ticks).toEqual([...new Set(ticks)].sort((one, other) => one - other));
    expect(ticks.length).toBeGreaterThan(10);
  }
});

test.each([10e3, 60e3, 3600e3, 86400e3, 7 * 86400e3, 60 * 86400e3, 800 * 86400e3, 20 * 365 * 86400e3])(
  "a span of %d ms has some ticks, and not too many",
  (spanMs) => {
    const startMs = at("2026-11-21T03:21:17Z");
    const count = timeTicks({ startMs, endMs: startMs + spanMs }, 10, BERLIN).length;
    expect(count).toBeGreaterThanOrEqual(2);
    expect(count).toBeLessThanOrEqual(11);
  },
);

test("months and years are told by their names", () => {
  const startMs = at("2025-11-21T00:00:00Z");
  const ticks = timeTicks({ startMs, endMs: startMs + 400 * DAY_MS }, 8, "UTC");
  expect(iso(ticks)[0]).toBe("01-01T00:00");
  expect(new Set(tickNames(ticks, "UTC"))).toEqual(new Set(["month"]));
});
