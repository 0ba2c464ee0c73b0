import { expect, test } from "vitest";
import type { Trend, TrendSeries } from "@/api/types.ts";
import { DETAIL, POWER, WARNINGS } from "@/testing/plant.ts";
import { spansOf, type Watched, watchedOf } from "./device-states.ts";

const LIMITS = { critical_lower: null, warning_lower: null, warning_upper: 500, critical_upper: 600, hysteresis: 0 };
const power: Watched = { deviceId: 1, point: POWER, thresholds: LIMITS };
const warnings: Watched = { deviceId: 1, point: { ...WARNINGS, alarm: "warning" }, thresholds: null };

/** A series of one value every second, null for a bad one. */
function series(pointId: number, values: readonly (number | null)[]): TrendSeries {
  const at_ms = values.map((_, index) => 1000 * index);
  const cells = [...values];
  return { point_id: pointId, at_ms, min: cells, max: cells, mean: cells, last: cells, good_percent: [] };
}

const trend = (...all: TrendSeries[]): Trend => ({ start_ms: 0, end_ms: 8000, bucket_ms: 0, series: all });
const told = (watched: Watched[], of: Trend, nowMs = 8000) =>
  spansOf(watched, [of], nowMs).map(({ state, startMs, endMs }) => [state, startMs, endMs]);

test("a device is a warning while a value is beyond its bound, and critical beyond the next", () => {
  const values = [400, 510, 510, 610, 610, 400, 500, 400];
  expect(told([power], trend(series(POWER.id, values)))).toEqual([
    ["warning", 1000, 3000],
    ["critical", 3000, 5000],
  ]);
});

test("an alarm of the device itself counts, and the worst of what it says at once", () => {
  const both = trend(series(POWER.id, [400, 400, 610, 400]), series(WARNINGS.id, [0, 8, 8, 0]));
  expect(told([power, warnings], both)).toEqual([
    ["warning", 1000, 2000],
    ["critical", 2000, 3000],
  ]);
});

test("a device is silent when nothing of it can be read, not when one of its points cannot", () => {
  const one = trend(series(POWER.id, [400, null, null, 400]), series(WARNINGS.id, [0, 0, 0, 0]));
  expect(told([power, warnings], one)).toEqual([]);
  const all = trend(series(POWER.id, [400, null, null, 400]), series(WARNINGS.id, [0, null, null, 0]));
  expect(told([power, warnings], all)).toEqual([["silent", 1000, 3000]]);
});

test("what is not recorded is not called silent, and nothing is told of what is to come", () => {
  const gap = series(POWER.id, [400, 610]);
  expect(told([power], trend(gap))).toEqual([["critical", 1000, 4000 + 0]]);
  expect(told([power], trend(series(POWER.id, [400, 610, 610])), 2500)).toEqual([["critical", 1000, 2500]]);
  expect(told([power], trend(series(POWER.id, [])))).toEqual([]);
});

test("of two answers only that is told which both are about", () => {
  const drawn = trend(series(POWER.id, [610, 610, 610, 610, 610, 610]));
  const other = { ...trend(series(WARNINGS.id, [0, 0, 0, 0])), start_ms: 2000, end_ms: 4000 };
  const spans = spansOf([power, warnings], [other, drawn], 8000);
  expect(spans.map(({ state, startMs, endMs }) => [state, startMs, endMs])).toEqual([["critical", 2000, 4000]]);
});

test("watched are the points that are drawn, those with thresholds, and the alarms", () => {
  const alarm = { ...WARNINGS, alarm: "warning" } as const;
  const points = [POWER, { ...POWER, id: 2, key: "current" }, { ...POWER, id: 3, key: "other" }, alarm];
  const device = { ...DETAIL, points, thresholds: { current: LIMITS } };
  const keys = watchedOf([device], [{ ref: { deviceId: 1, key: "power" } }]).map(({ point }) => point.key);
  expect(keys).toEqual(["power", "current", "warnings"]);
});
