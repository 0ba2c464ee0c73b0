import { expect, test } from "vitest";
import { DAY_MS, formatAge, formatMoment, formatSince, formatSpan, HOUR_MS, MINUTE_MS } from "./time.ts";
import { atWall, browserZone, offsetMs } from "./zone.ts";

test.each([
  [-500, "0s"],
  [0, "0s"],
  [59_999, "59s"],
  [MINUTE_MS, "1m"],
  [HOUR_MS - 1, "59m"],
  [47 * HOUR_MS, "47h"],
  [2 * DAY_MS, "2d"],
])("an age of %i ms is %s", (ageMs, text) => {
  expect(formatAge(ageMs, "en")).toBe(text);
});

test("ages are written in the language", () => {
  expect(formatAge(5000, "zh")).toBe("5秒");
  expect(formatAge(5000, "ru").replace(/\s/g, " ")).toBe("5 с");
});

test.each([
  [0, "0ms"],
  [250, "250ms"],
  [1500, "1.5s"],
  [1999.7, "2s"],
  [10_000, "10s"],
  [59_999, "1m"],
  [90_000, "1m 30s"],
  [HOUR_MS - 1, "1h"],
  [36 * HOUR_MS, "36h"],
  [5.5 * HOUR_MS, "5h 30m"],
  [2 * DAY_MS + 11 * HOUR_MS, "2d 11h"],
  [7 * DAY_MS - 1, "7d"],
])("a span of %d ms is %s: what it is nearest to, not what is left when the rest is cut off", (spanMs, text) => {
  expect(formatSpan(spanMs, "en")).toBe(text);
});

test("spans are written in the language", () => {
  expect(formatSpan(90_000, "zh")).toBe("1分钟30秒");
  expect(formatSpan(1500, "ru").replace(/\s/g, " ")).toBe("1,5 с");
  expect(formatSpan(90_000, "ru").replace(/\s/g, " ")).toBe("1 мин 30 с");
});

test("today needs no date, an earlier day does", () => {
  const noon = new Date(2026, 10, 21, 12).getTime();
  expect(formatSince(noon - HOUR_MS, noon, "en", browserZone())).toBe("11:00");
  expect(formatSince(noon - DAY_MS, noon, "en", browserZone())).toMatch(/Nov 20/);
});

test("what is today is decided on the clocks of the zone, and they are named where this computer's differ", () => {
  const far = offsetMs(0, browserZone()) === offsetMs(0, "Asia/Kathmandu") ? "Pacific/Apia" : "Asia/Kathmandu";
  const midnight = atWall({ year: 2026, month: 11, day: 21 }, far);
  const before = formatSince(midnight - HOUR_MS, midnight + HOUR_MS, "en", far);
  expect(before).toMatch(/^Nov 20, 23:00 GMT\+/);
  expect(formatSince(midnight, midnight + HOUR_MS, "en", far)).toMatch(/^00:00 GMT\+/);
});

test("of a night in which an hour is shown twice each time is told with its own offset", () => {
  const first = Date.parse("2026-10-25T00:30:00Z");
  expect(formatMoment(first, "en", "Europe/Berlin")).toBe("Oct 25, 2026, 02:30:00 GMT+2");
  expect(formatMoment(first + HOUR_MS, "en", "Europe/Berlin")).toBe("Oct 25, 2026, 02:30:00 GMT+1");
});
