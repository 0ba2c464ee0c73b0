import { expect, test } from "vitest";
import { HOUR_MS } from "@/lib/time.ts";
import {
  boundsOf,
  followingPreset,
  isFollowing,
  limited,
  panned,
  pinched,
  rangeFromUrl,
  rangeToUrl,
  settled,
  stepped,
  zoomed,
} from "./time-range.ts";

const NOW = Date.parse("2026-11-21T03:00:00Z");

test.each(["1m", "15m", "1h", "6h", "24h", "7d", "today", "week-20261116", "20261120T100000Z..20261120T113000Z"])(
  "%s is read as it is written",
  (text) => {
    expect(rangeToUrl(rangeFromUrl(text))).toBe(text);
  },
);

test("the long form of ISO 8601 is read too", () => {
  const range = rangeFromUrl("2026-11-20T10:00:00Z..2026-11-20T11:00:00Z");
  expect(rangeToUrl(range)).toBe("20261120T100000Z..20261120T110000Z");
});

test.each([null, "", "soon", "..", "20261120T110000Z..20261120T100000Z", "2h"])("%j is the last hour", (text) => {
  expect(rangeToUrl(rangeFromUrl(text))).toBe("1h");
});

test("a range of the last hour ends now", () => {
  expect(boundsOf(rangeFromUrl("1h"), NOW, "UTC")).toEqual({ startMs: NOW - HOUR_MS, endMs: NOW });
});

test("zooming leaves the moment under the cursor where it is", () => {
  const zoom = zoomed({ startMs: 0, endMs: 100 }, 0.5, 0.2);
  expect(zoom).toEqual({ startMs: 10, endMs: 60 });
  expect(zoomed(zoom, 2, 0.2)).toEqual({ startMs: 0, endMs: 100 });
});

test("panning keeps the width", () => {
  expect(panned({ startMs: 0, endMs: 100 }, -0.5)).toEqual({ startMs: -50, endMs: 50 });
});

test("no view goes beyond now, or gets too narrow to mean anything", () => {
  expect(settled({ startMs: NOW, endMs: NOW + HOUR_MS }, NOW)).toEqual({ startMs: NOW - HOUR_MS, endMs: NOW });
  const narrow = settled({ startMs: NOW - 5000, endMs: NOW - 4999 }, NOW);
  expect(narrow.endMs - narrow.startMs).toBe(10_000);
});

test("following again takes the smallest range that holds what was seen", () => {
  expect(followingPreset({ startMs: 0, endMs: 20 * 60_000 })).toBe("1h");
  expect(followingPreset({ startMs: 0, endMs: 90 * 24 * HOUR_MS })).toBe("7d");
});

test("today ends now and follows it; yesterday is over", () => {
  const today = rangeFromUrl("today");
  expect(boundsOf(today, NOW, "UTC")).toEqual({ startMs: Date.parse("2026-11-21T00:00:00Z"), endMs: NOW });
  expect([today, rangeFromUrl("1h"), rangeFromUrl("yesterday")].map(isFollowing)).toEqual([true, true, false]);
});

test("one step earlier is half the width, and of a day the day before", () => {
  const step = (text: string) => rangeToUrl(stepped(rangeFromUrl(text), -1, NOW, "UTC"));
  expect(step("today")).toBe("yesterday");
  expect(step("20261120T100000Z..20261120T110000Z")).toBe("20261120T093000Z..20261120T103000Z");
});

test("while it is moved a view is not rounded, and goes no further than now", () => {
  expect(limited({ startMs: 100, endMs: 20_100.5 }, NOW)).toEqual({ startMs: 100, endMs: 20_100.5 });
  expect(limited({ startMs: NOW, endMs: NOW + 20_000 }, NOW).endMs).toBe(NOW);
});

test("what was under two fingers stays under them while they move", () => {
  const view = { startMs: 0, endMs: 100 };
  const near = pinched(view, [0.4, 0.6], [0.2, 0.8]);
  expect(near.startMs).toBeCloseTo(33.33, 1);
  expect(near.endMs).toBeCloseTo(66.67, 1);
  expect(pinched(view, [0.2, 0.4], [0.5, 0.7]).startMs).toBeCloseTo(-30);
  const on = pinched(view, [0.5, 0.5], [0.5, 0.5]);
  expect([on.startMs, on.endMs]).toEqual([0, 100]);
});
