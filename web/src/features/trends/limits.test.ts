import { expect, test } from "vitest";
import type { Thresholds } from "@/api/types.ts";
import { DETAIL } from "@/testing/plant.ts";
import { resolve } from "./chart-points.ts";
import { spread } from "./drawings.ts";
import { limitsOf, scaleRange } from "./limits.ts";

const NONE: Thresholds = {
  critical_lower: null,
  warning_lower: null,
  warning_upper: null,
  critical_upper: null,
  hysteresis: 0,
};

function limits(thresholds: Partial<Thresholds>) {
  const device = { ...DETAIL, thresholds: { power: { ...NONE, ...thresholds } } };
  return limitsOf(resolve([{ deviceId: 1, key: "power" }], new Map([[1, device]])).drawn);
}

test("a warning reaches to where it becomes critical, critical for ever", () => {
  const found = limits({ warning_upper: 90, critical_upper: 95, warning_lower: 10 });
  expect(found.map(({ severity, value, until }) => [severity, value, until])).toEqual([
    ["warning", 10, Number.NEGATIVE_INFINITY],
    ["warning", 90, 95],
    ["critical", 95, Number.POSITIVE_INFINITY],
  ]);
});

test("a point without thresholds has no limits", () => {
  expect(limits({})).toEqual([]);
});

test("a scale shows a limit that is near, and does not flatten the curve for one that is far", () => {
  expect(scaleRange(80, 90, [95])[1]).toBeGreaterThan(95);
  expect(scaleRange(80, 90, [500])[1]).toBeLessThan(95);
});

test("a scale has a height whatever the values", () => {
  for (const value of [0, 5, -5, 1e9]) {
    const [low, high] = scaleRange(value, value, []);
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  }
  expect(scaleRange(null, null, [])).toEqual([0, 1]);
});

test("numbers that would lie on each other are moved apart, and none leaves the plot", () => {
  const places = spread(
    [
      { place: 0, y: 100 },
      { place: 1, y: 102 },
      { place: 2, y: 99 },
    ],
    15,
    110,
  );
  expect(places).toEqual([
    { place: 2, y: 80 },
    { place: 0, y: 95 },
    { place: 1, y: 110 },
  ]);
});
