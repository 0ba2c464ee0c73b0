import { expect, test } from "vitest";
import { calendarBounds, calendarFromUrl, calendarToUrl, daysBefore, neighbour } from "./calendar.ts";

const BERLIN = "Europe/Berlin";
const NOW = Date.parse("2026-11-21T23:30:00Z");
const iso = (atMs: number) => new Date(atMs).toISOString().slice(0, 16);

function bounds(text: string, zone = BERLIN): string[] {
  const calendar = calendarFromUrl(text);
  if (!calendar) throw new Error(`${text} is no calendar range`);
  const { startMs, endMs } = calendarBounds(calendar, NOW, zone);
  return [iso(startMs), iso(endMs)];
}

test("a day is that of the zone's clocks", () => {
  expect(bounds("today")).toEqual(["2026-11-21T23:00", "2026-11-22T23:00"]);
  expect(bounds("today", "UTC")).toEqual(["2026-11-21T00:00", "2026-11-22T00:00"]);
  expect(bounds("yesterday")).toEqual(["2026-11-20T23:00", "2026-11-21T23:00"]);
  expect(bounds("day-20261025")).toEqual(["2026-10-24T22:00", "2026-10-25T23:00"]);
});

test("a week begins on Monday, a month with its first day", () => {
  expect(bounds("this-week", "UTC")).toEqual(["2026-11-16T00:00", "2026-11-23T00:00"]);
  expect(bounds("last-week", "UTC")).toEqual(["2026-11-09T00:00", "2026-11-16T00:00"]);
  expect(bounds("last-month", "UTC")).toEqual(["2026-10-01T00:00", "2026-11-01T00:00"]);
  expect(bounds("week-20261118", "UTC")).toEqual(["2026-11-16T00:00", "2026-11-23T00:00"]);
});

test.each(["today", "yesterday", "this-week", "last-month", "day-20261117", "month-20261101"])(
  "%s is written as it is read",
  (text) => {
    const calendar = calendarFromUrl(text);
    expect(calendar && calendarToUrl(calendar)).toBe(text);
  },
);

test.each(["day-20261332", "day-2026", "year-20260101", "toString", "1h"])("%s is no calendar range", (text) => {
  expect(calendarFromUrl(text)).toBeNull();
});

test("one steps from day to day, and no further than today", () => {
  const step = (text: string, direction: -1 | 1) => {
    const calendar = calendarFromUrl(text);
    return calendar && calendarToUrl(neighbour(calendar, direction, NOW, "UTC"));
  };
  expect(step("today", -1)).toBe("yesterday");
  expect(step("yesterday", -1)).toBe("day-20261119");
  expect(step("day-20261119", 1)).toBe("yesterday");
  expect(step("yesterday", 1)).toBe("today");
  expect(step("today", 1)).toBe("today");
  expect(step("this-month", -1)).toBe("last-month");
  expect(step("last-month", -1)).toBe("month-20260901");
});

test("a day earlier is the same time on the clocks, also over a change of clocks", () => {
  const at = Date.parse("2026-10-26T09:00:00.250Z");
  expect(daysBefore(at, 1, BERLIN)).toBe(Date.parse("2026-10-25T09:00:00.250Z"));
  expect(daysBefore(at, 2, BERLIN)).toBe(Date.parse("2026-10-24T08:00:00.250Z"));
});
