import { expect, test } from "vitest";
import { askedOf, filterFromUrl, filterToUrl } from "./audit-filter.ts";

test("the filter is read from the address as it is written there", () => {
  const filter = { who: "olga", kind: "device", action: "changed", first: "2026-11-20", last: "2026-11-21" } as const;
  expect(filterFromUrl(filterToUrl(filter))).toEqual(filter);
  const nothing = { who: "", kind: null, action: null, first: "", last: "" };
  expect(filterFromUrl(new URLSearchParams("kind=weather&first=yesterday"))).toEqual(nothing);
});

test("the last day belongs to the range, and what is not asked for is not sent", () => {
  const day = { who: "", kind: null, action: null, first: "2026-11-21", last: "2026-11-21" };
  const { start_time = "", end_time = "", ...rest } = askedOf(day, "Asia/Kathmandu");
  expect([start_time, end_time]).toEqual(["2026-11-20T18:15:00.000Z", "2026-11-21T18:15:00.000Z"]);
  expect(rest).toEqual({});
});

test("a day in which clocks change is asked for with its 23 or 25 hours", () => {
  const hours = (day: string) => {
    const filter = { who: "", kind: null, action: null, first: day, last: day };
    const { start_time = "", end_time = "" } = askedOf(filter, "Europe/Berlin");
    return (Date.parse(end_time) - Date.parse(start_time)) / 3_600_000;
  };
  expect([hours("2026-03-29"), hours("2026-10-25")]).toEqual([23, 25]);
});
