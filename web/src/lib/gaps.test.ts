import { expect, test } from "vitest";
import { type Cell, longestStepMs, runsOf } from "./gaps.ts";

const MINUTE_MS = 60_000;

/** The runs of columns that all say something. */
const runs = (times: readonly number[], stepMs: number) =>
  runsOf(
    times,
    times.map(() => 1),
    stepMs,
  );

test("columns close to each other are one run", () => {
  expect(runs([0, 10, 20], 15)).toEqual([{ first: 0, last: 2 }]);
});

test("missing columns break the run", () => {
  expect(runs([0, 10, 100, 110], 15)).toEqual([
    { first: 0, last: 1 },
    { first: 2, last: 3 },
  ]);
});

test("a column of bad samples breaks the run, at either end too", () => {
  const cells: Cell[] = [null, 1, null, 2, null];
  expect(runsOf([0, 10, 20, 30, 40], cells, 15)).toEqual([
    { first: 1, last: 1 },
    { first: 3, last: 3 },
  ]);
  expect(runsOf([0, 10], [null, null], 15)).toEqual([]);
  expect(runsOf([], [], 15)).toEqual([]);
});

test("three missed samples are still one line", () => {
  expect(longestStepMs(0, 1)).toBe(3000);
  expect(longestStepMs(MINUTE_MS, 1)).toBe(63_000);
});

test("a point that is recorded seldom is not torn apart", () => {
  expect(runs([0, 10_000, 20_000, 90_000, 100_000], longestStepMs(0, 10))).toHaveLength(2);
});

test("what was recorded at a slower pace than today's is one line, and its gap is one", () => {
  const imported = [0, 60, 120, 180, 900, 960, 1020, 1022, 1024, 1026].map((second) => second * 1000);
  expect(runs(imported, longestStepMs(0, 2))).toEqual([
    { first: 0, last: 3 },
    { first: 4, last: 9 },
  ]);
});

test("a hole among frequent samples stays one, however short", () => {
  expect(runs([0, 2000, 4000, 12_000, 14_000, 16_000, 30_000, 32_000], longestStepMs(0, 2))).toHaveLength(3);
});

test("a time when it was recorded less often is one line too, and broken where samples are missing at that pace", () => {
  const slow = [0, 1, 2, 3, 4, 10, 11, 12, 13].map((minute) => minute * MINUTE_MS);
  const fast = [14, 14.02, 14.04, 14.06, 14.08, 14.5, 14.52, 14.54, 14.56].map((minute) => minute * MINUTE_MS);
  expect(runs([...slow, ...fast], longestStepMs(0, 1))).toEqual([
    { first: 0, last: 4 },
    { first: 5, last: 13 },
    { first: 14, last: 17 },
  ]);
});

test("a few samples far apart tell no pace, and are no line", () => {
  expect(runs([0, MINUTE_MS, 2 * MINUTE_MS], longestStepMs(0, 1))).toHaveLength(3);
});
