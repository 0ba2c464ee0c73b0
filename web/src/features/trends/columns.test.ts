import { expect, test } from "vitest";
import type { TrendSeries } from "@/api/types.ts";
import { columnAt, curveOf, extended, longestStepMs, moved, runsOf } from "./columns.ts";

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
  const curve = curveOf(series([0, 10, 100], [1, 2, 3]), { stepMs: 15, isStepped: false, endMs: 200 });
  expect(curve.at).toEqual([0, 10, 11, 100, 101]);
  expect(curve.mid).toEqual([1, 2, null, 3, null]);
  expect(curve.low).toEqual(curve.mid);
});

test("three missed samples are still one line", () => {
  expect(longestStepMs(0, 1)).toBe(3000);
  expect(longestStepMs(60_000, 1)).toBe(63_000);
});

test("a point that is recorded seldom is not torn apart", () => {
  const slow = series([0, 10_000, 20_000, 90_000, 100_000], [1, 2, 3, 4, 5]);
  expect(runsOf(slow, longestStepMs(0, 10)).length).toBe(2);
});

test("what was recorded at a slower pace than today's is one line, and its gap is one", () => {
  const minutes = [0, 60, 120, 180, 900, 960, 1020, 1022, 1024, 1026].map((second) => second * 1000);
  const imported = series(minutes, minutes.map(Number));
  const stepMs = longestStepMs(0, 2);
  expect(runsOf(imported, stepMs)).toEqual([
    { first: 0, last: 3 },
    { first: 4, last: 9 },
  ]);
  expect(columnAt(imported, 100_000, stepMs)).toBe(1);
  expect(columnAt(imported, 500_000, stepMs)).toBeNull();
  expect(columnAt(imported, 1_080_000, stepMs)).toBeNull();
});

test("a hole among frequent samples stays one, however short", () => {
  const holes = series([0, 2000, 4000, 12_000, 14_000, 16_000, 30_000, 32_000], [1, 2, 3, 4, 5, 6, 7, 8]);
  expect(runsOf(holes, longestStepMs(0, 2)).length).toBe(3);
});

test("a time when it was recorded less often is one line too, and broken where samples are missing at that pace", () => {
  const minutes = [0, 1, 2, 3, 4, 10, 11, 12, 13].map((minute) => minute * 60_000);
  const seconds = [14, 14.02, 14.04, 14.06, 14.08, 14.5, 14.52, 14.54, 14.56].map((minute) => minute * 60_000);
  const mean = [...minutes, ...seconds].map(() => 1);
  expect(runsOf(series([...minutes, ...seconds], mean), longestStepMs(0, 1))).toEqual([
    { first: 0, last: 4 },
    { first: 5, last: 13 },
    { first: 14, last: 17 },
  ]);
});

test("a few samples far apart tell no pace, and are no line", () => {
  expect(runsOf(series([0, 60_000, 120_000], [1, 2, 3]), longestStepMs(0, 1))).toHaveLength(3);
});

test("at a slower pace the cursor finds the last sample, and a state holds to the next", () => {
  const at = [0, 60_000, 120_000, 180_000, 240_000];
  const slow = series(at, [1, 2, 3, 4, 5]);
  expect(columnAt(slow, 90_000, 3000)).toBe(1);
  expect(columnAt(slow, 600_000, 3000)).toBeNull();
  expect(curveOf(slow, { stepMs: 3000, isStepped: true, endMs: 270_000 }).at).toEqual([...at, 269_999, 270_000]);
});

test("a state holds to the end of the range and to a bad sample, but not for ever", () => {
  const state = (at: number[], mean: (number | null)[], endMs: number) => {
    const { at: times, mid } = curveOf(series(at, mean), { stepMs: 100, isStepped: true, endMs });
    return times.map((time, index) => [time, mid[index]]).slice(-2);
  };
  expect(state([0, 10], [1, 2], 50)).toEqual([
    [49, 2],
    [50, null],
  ]);
  expect(state([0, 10], [1, null], 50)).toEqual([
    [9, 1],
    [10, null],
  ]);
  expect(state([0, 10], [1, 2], 500)).toEqual([
    [10, 2],
    [11, null],
  ]);
});

test("the column at a moment is the last that began before it", () => {
  const some = series([0, 10, 20], [1, 2, 3]);
  expect(columnAt(some, -1, 15)).toBeNull();
  expect(columnAt(some, 0, 15)).toBe(0);
  expect(columnAt(some, 19, 15)).toBe(1);
  expect(columnAt(some, 35, 15)).toBe(2);
  expect(columnAt(some, 36, 15)).toBeNull();
});

test("what came since is put behind, once, and a bad sample stays a gap", () => {
  const longer = extended(series([0, 10], [1, 2]), [
    { atMs: 10, value: 9 },
    { atMs: 20, value: 3 },
    { atMs: 30, value: null },
  ]);
  expect(longer.at_ms).toEqual([0, 10, 20, 30]);
  expect(longer.last).toEqual([1, 2, 3, null]);
  expect(longer.good_percent).toEqual([100, 100, 100, 0]);
});

test("an earlier period is drawn later than it was", () => {
  expect(moved(series([0, 10], [1, 2]), 86_400_000).at_ms).toEqual([86_400_000, 86_400_010]);
});
