import { expect, test } from "vitest";
import type { TrendSeries } from "@/api/types.ts";
import { columnAt, curveOf, extended, heldSinceMs, moved, sampleNear } from "./columns.ts";

function series(at: number[], mean: (number | null)[]): TrendSeries {
  return { point_id: 1, at_ms: at, mean, min: mean, max: mean, last: mean, good_percent: at.map(() => 100) };
}

test("the line is broken where the run is", () => {
  const curve = curveOf(series([0, 10, 100], [1, 2, 3]), { stepMs: 15, bucketMs: 0, isStepped: false, endMs: 200 });
  expect(curve.at).toEqual([0, 10, 11, 100, 101]);
  expect(curve.mid).toEqual([1, 2, null, 3, null]);
  expect(curve.low).toEqual(curve.mid);
});

test("at a slower pace the cursor finds the last sample, and a state holds to the next", () => {
  const at = [0, 60_000, 120_000, 180_000, 240_000];
  const slow = series(at, [1, 2, 3, 4, 5]);
  expect(columnAt(slow, 90_000, 3000)).toBe(1);
  expect(columnAt(slow, 600_000, 3000)).toBeNull();
  expect(curveOf(slow, { stepMs: 3000, bucketMs: 0, isStepped: true, endMs: 270_000 }).at).toEqual([
    ...at,
    269_999,
    270_000,
  ]);
});

test("a state holds to the end of the range and to a bad sample, but not for ever", () => {
  const state = (at: number[], mean: (number | null)[], endMs: number) => {
    const { at: times, mid } = curveOf(series(at, mean), { stepMs: 100, bucketMs: 0, isStepped: true, endMs });
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

test("a column in which a state changed ends where it ends, and its last state holds on", () => {
  const states = { ...series([0, 600, 1200], [0, 1, 1]), min: [0, 0, 1] };
  const curve = curveOf(states, { stepMs: 1800, bucketMs: 100, isStepped: true, endMs: 1300 });
  expect(curve.at).toEqual([0, 600, 700, 1200, 1299, 1300]);
  expect([curve.low[1], curve.high[1], curve.low[2], curve.mid[2]]).toEqual([0, 1, null, 1]);
});

test("a measurement is read at the nearer sample, but not across a gap", () => {
  const some = series([0, 10, 100], [1, 2, 3]);
  expect(sampleNear(some, 4, 15)).toBe(0);
  expect(sampleNear(some, 6, 15)).toBe(1);
  expect(sampleNear(some, 24, 15)).toBe(1);
  expect(sampleNear(some, 90, 15)).toBeNull();
});

test("since when a state holds is known where it began, also behind a gap", () => {
  const state = series([0, 10, 20, 30, 500], [0, 1, 1, 1, 1]);
  expect(heldSinceMs(state, 3, 15)).toBe(10);
  expect(heldSinceMs(state, 4, 15)).toBe(500);
  expect(heldSinceMs(state, 0, 15)).toBeNull();
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
