import { beforeEach, expect, test } from "vitest";
import { POWER } from "@/testing/plant.ts";
import type { ChartPoint } from "./chart-points.ts";
import { namesOf, noteTrend, recentTrends } from "./recent-trends.ts";

const chartPoint = (deviceId: number, key: string): ChartPoint => ({
  ref: { deviceId, key },
  deviceName: `G${deviceId}`,
  siteId: 1,
  point: { ...POWER, key, name: { en: key.toUpperCase() } },
  thresholds: null,
});

beforeEach(() => localStorage.clear());

test("the newest comes first, and the same points with another range take their own place", () => {
  noteTrend(1, [chartPoint(1, "power"), chartPoint(2, "power")], "1h");
  noteTrend(1, [chartPoint(3, "speed")], "6h");
  noteTrend(1, [chartPoint(2, "power"), chartPoint(1, "power")], "24h");
  expect(recentTrends(1).map(({ range }) => range)).toEqual(["24h", "6h"]);
});

test("six are kept, and nobody sees those of another", () => {
  for (let device = 1; device <= 9; device++) noteTrend(1, [chartPoint(device, "power")], "1h");
  expect(recentTrends(1).map(({ points }) => points[0]?.deviceId)).toEqual([9, 8, 7, 6, 5, 4]);
  expect(recentTrends(2)).toEqual([]);
});

test("points are named by device, in the language if it has a name there", () => {
  noteTrend(1, [chartPoint(1, "power"), chartPoint(2, "speed"), chartPoint(1, "load")], "1h");
  expect(recentTrends(1).map((one) => namesOf(one, "ru"))).toEqual([["G1: POWER, LOAD", "G2: SPEED"]]);
});

test.each(["{", "null", '{"points":1}', '[null, 7, {"range":"1h","points":[{}]}]'])(
  "what else lies in the browser's storage is no trend: %s",
  (text) => {
    localStorage.setItem("stripchart-recent-trends-1", text);
    expect(recentTrends(1)).toEqual([]);
    noteTrend(1, [chartPoint(1, "power")], "1h");
    expect(recentTrends(1)).toHaveLength(1);
  },
);
