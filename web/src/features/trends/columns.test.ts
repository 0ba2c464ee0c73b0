import { expect, test } from "vitest";
import type { TrendSeries } from "@/api/types.ts";
import { columnAt, linePairs, longestStepMs, runsOf, statePairs, summary } from "./columns.ts";

function series(at: number[], mean: (number | null)[]): TrendSeries {
  return { point_id: 1, at_ms: at, mean, min: mean, max: mean, last: mean, good_percent: at.map(() => 100) };
}

test("columns close to each other are one run", () => {
  expect(runsOf(series([0, 10, 20], [1, 2, 3]), 15)).toEqual([{ first: 0, last: 2 }]);
});

test("missing columns break the run", () => {
  expect(runsOf(series([0, 10, 100, 110], [1, 2, 3, 4]), 15)).toEqual([
    { first: 0, last: 1 },
    { first: 2, last: 3 },
  ]);
});

test("a column of bad samples breaks the run, at either end too", () => {
  expect(runsOf(series([0, 10, 20, 30, 40], [null, 1, null, 2, null]), 15)).toEqual([
    { first: 1, last: 1 },
    { first: 3, last: 3 },
  ]);
  expect(runsOf(series([0, 10], [null, null]), 15)).toEqual([]);
  expect(runsOf(series([], []), 15)).toEqual([]);
});

test("the line is broken where the run is", () => {
  expect(linePairs(series([0, 10, 100], [1, 2, 3]), [1, 2, 3], 15)).toEqual([
    [0, 1],
    [10, 2],
    [11, null],
    [100, 3],
  ]);
});

test("three missed samples are still one line", () => {
  expect(longestStepMs(0, 1)).toBe(3000);
  expect(longestStepMs(60_000, 1)).toBe(63_000);
});

test("a point that is recorded seldom is not torn apart", () => {
  const slow = series([0, 10_000, 20_000, 90_000, 100_000], [1, 2, 3, 4, 5]);
  expect(runsOf(slow, longestStepMs(0, 10)).length).toBe(2);
});

test("a state holds to the end of the range, but not after a bad sample or for ever", () => {
  expect(statePairs(series([0, 10], [1, 2]), 100, 50).at(-1)).toEqual([50, 2]);
  expect(statePairs(series([0, 10], [1, 2]), 100, 500).at(-1)).toEqual([10, 2]);
  expect(statePairs(series([0, 10], [1, null]), 100, 50).at(-1)).toEqual([0, 1]);
});

test("the column at a moment is the last that began before it", () => {
  const some = series([0, 10, 20], [1, 2, 3]);
  expect(columnAt(some, -1, 15)).toBeNull();
  expect(columnAt(some, 0, 15)).toBe(0);
  expect(columnAt(some, 19, 15)).toBe(1);
  expect(columnAt(some, 35, 15)).toBe(2);
  expect(columnAt(some, 36, 15)).toBeNull();
});

test("the summary leaves out what is bad", () => {
  expect(summary(series([0, 10, 20], [4, null, 2]))).toEqual({ min: 2, mean: 3, max: 4, last: 2 });
  expect(summary(series([0], [null]))).toEqual({ min: null, mean: null, max: null, last: null });
});
