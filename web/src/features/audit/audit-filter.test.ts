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
  const { start_time = "", end_time = "", ...rest } = askedOf(day);
  expect(Date.parse(end_time) - Date.parse(start_time)).toBe(86_400_000);
  expect(rest).toEqual({});
});
