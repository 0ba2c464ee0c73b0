import { expect, test } from "vitest";
import { TREND } from "@/testing/plant.ts";
import { sparkPath } from "./spark-path.ts";

const series = (at_ms: number[], mean: (number | null)[]) => ({
  point_id: 1,
  at_ms,
  mean,
  min: mean,
  max: mean,
  last: mean,
  good_percent: mean.map(() => 100),
});

test("the lowest value is at the bottom, the highest at the top, each at its time", () => {
  expect(sparkPath(series([0, 50, 100], [1, 3, 2]), 0, 100, 50)).toBe("M0.0 18.5L50.0 1.5L100.0 10.0");
});

test("the line is broken where nothing was recorded, and where all was bad", () => {
  expect(sparkPath(series([0, 10, 90, 100], [1, 1, 2, 2]), 0, 100, 10).match(/M/g)?.length).toBe(2);
  expect(sparkPath(series([0, 10, 20, 30], [1, null, 2, 2]), 0, 100, 10).match(/M/g)?.length).toBe(2);
});

test("a constant runs through the middle, and one value is no line", () => {
  expect(sparkPath(series([0, 100], [7, 7]), 0, 100, 50)).toBe("M0.0 10.0L100.0 10.0");
  expect(sparkPath(series([0], [7]), 0, 100, 50)).toBe("");
  expect(sparkPath(TREND.series[0] ?? series([], []), 0, 3_600_000, 10_000)).toContain("L");
});
