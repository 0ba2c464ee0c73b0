import { expect, test } from "vitest";
import { DAY_MS, formatAge, formatSince, formatSpan, HOUR_MS, MINUTE_MS } from "./time.ts";

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

test("a span under a second is in milliseconds", () => {
  expect(formatSpan(250, "en")).toBe("250ms");
  expect(formatSpan(10_000, "en")).toBe("10s");
});

test("today needs no date, an earlier day does", () => {
  const noon = new Date(2026, 10, 21, 12).getTime();
  expect(formatSince(noon - HOUR_MS, noon, "en")).toBe("11:00");
  expect(formatSince(noon - DAY_MS, noon, "en")).toMatch(/Nov 20/);
});
