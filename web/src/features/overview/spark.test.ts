import { expect, test } from "vitest";
import type { Trend, TrendSeries } from "@/api/types.ts";
import { POWER } from "@/testing/plant.ts";
import { sparksOf } from "./spark.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const seldom = { ...POWER, recorded_every_s: 600 };

function series(minutes: readonly number[], mean: (number | null)[], pointId = POWER.id): TrendSeries {
  const at_ms = minutes.map((minute) => minute * MINUTE_MS);
  const good_percent = mean.map(() => 100);
  return { point_id: pointId, at_ms, mean, min: mean, max: mean, last: mean, good_percent };
}

function spark(of: TrendSeries[], bucketMs = MINUTE_MS, point = POWER) {
  const trend: Trend = { start_ms: 0, end_ms: HOUR_MS, bucket_ms: bucketMs, series: of };
  return sparksOf(trend, new Map([[point.id, point]])).get(POWER.id);
}

const every = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test("the lowest value is at the bottom, the highest at the top, each at its time", () => {
  expect(spark([series([0, 30, 60], [1, 3, 2])], 30 * MINUTE_MS)?.path).toBe("M0.0 18.5L50.0 1.5L100.0 10.0");
  expect(spark([series([0, 60], [7, 7])], HOUR_MS)?.path).toBe("M0.0 10.0L100.0 10.0");
});

test("it tells of how long it is, and between what the value went", () => {
  expect(spark([series([0, 30, 60], [1, 3, 2])], 20 * MINUTE_MS)).toMatchObject({ spanMs: HOUR_MS, low: 1, high: 3 });
});

test("the line is broken where nothing was recorded, and where all was bad", () => {
  const breaks = (one: TrendSeries) => spark([one])?.path.match(/M/g)?.length;
  expect(breaks(series([0, 1, 2, 40, 41, 42], [1, 1, 1, 2, 2, 2]))).toBe(2);
  expect(breaks(series([0, 1, 2, 25, 26], [1, 1, null, 2, 2]))).toBe(2);
});

test("what is recorded seldom is one line, be it summed up or not", () => {
  const held = series([0, 10, 20, 30, 40, 50], [5, 5, 5, 6, 6, 6]);
  for (const bucketMs of [0, MINUTE_MS]) expect(spark([held], bucketMs, seldom)?.path.match(/M/g)).toHaveLength(1);
});

test("of a plant that is new it begins when that does, and there is none in its first minutes", () => {
  const half = spark([
    series(
      every(30, 60),
      every(30, 60).map(() => 4),
    ),
  ]);
  expect(half?.spanMs).toBe(HOUR_MS / 2);
  expect(half?.path.startsWith("M0.0 ")).toBe(true);
  expect(spark([series([57, 58, 59], [1, 2, 3])])).toBeUndefined();
});

test("a value with too little of the time of its neighbours has none", () => {
  const long = series(
    every(0, 60),
    every(0, 60).map(() => 4),
    2,
  );
  expect(spark([long, series([58, 59, 60], [1, 2, 3])])).toBeUndefined();
  expect(spark([long, series([], [])])).toBeUndefined();
  expect(spark([long, series([0], [7])])).toBeUndefined();
});
