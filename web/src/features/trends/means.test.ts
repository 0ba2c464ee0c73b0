import { expect, test } from "vitest";
import type { TrendSeries } from "@/api/types.ts";
import { timeMean } from "./means.ts";

function series(at: number[], mean: (number | null)[], last = mean): TrendSeries {
  return { point_id: 1, at_ms: at, mean, min: mean, max: mean, last, good_percent: at.map(() => 100) };
}

const RAW = { bucketMs: 0, stepMs: 100 };

test("a minute that was recorded ten times as often counts no more than another", () => {
  const often = Array.from({ length: 10 }, (_, index) => 50 + index * 5);
  const samples = series([0, ...often], [0, ...often.map(() => 100)]);
  expect(timeMean(samples, { startMs: 0, endMs: 100 }, RAW)).toBe(50);
});

test("only what held within the range counts, from a sample before it, too", () => {
  expect(timeMean(series([0, 50, 90], [10, 20, 30]), { startMs: 40, endMs: 100 }, RAW)).toBeCloseTo(
    (10 * 10 + 40 * 20 + 10 * 30) / 60,
  );
});

test("a gap and a bad sample count for nothing", () => {
  expect(timeMean(series([0, 10, 1000, 1010], [4, null, 8, null]), { startMs: 0, endMs: 2000 }, RAW)).toBe(6);
  expect(timeMean(series([0], [null]), { startMs: 0, endMs: 100 }, RAW)).toBeNull();
});

test("of a column its mean counts for as long as it is, and then its last value", () => {
  const columns = series([0, 100], [5, 20], [10, 20]);
  expect(timeMean(columns, { startMs: 0, endMs: 110 }, { bucketMs: 10, stepMs: 100 })).toBeCloseTo(
    (10 * 5 + 90 * 10 + 10 * 20) / 110,
  );
});
