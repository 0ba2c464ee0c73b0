import { expect, test } from "vitest";
import type { Thresholds } from "@/api/types.ts";
import { POWER } from "@/testing/plant.ts";
import { rangeScale } from "./range-scale.ts";

const LIMITS: Thresholds = {
  critical_lower: null,
  warning_lower: 10,
  warning_upper: 90,
  critical_upper: 100,
  hysteresis: 0,
};

test("limits divide the scale, and the value and the day lie where they are between them", () => {
  const scale = rangeScale(POWER, LIMITS, { min: 20, max: 95 }, 50);
  expect(scale?.zones.map((zone) => zone.severity)).toEqual(["warning", "normal", "warning", "critical"]);
  const [, normal, warning] = scale?.zones ?? [];
  expect(scale?.value).toBeGreaterThan(normal?.from ?? 1);
  expect(scale?.value).toBeLessThan(normal?.to ?? 0);
  expect(scale?.day?.[1]).toBeGreaterThan(warning?.from ?? 1);
  expect(scale?.day?.[1]).toBeLessThan(warning?.to ?? 0);
});

test("without limits the scale is what the profile calls valid", () => {
  const scale = rangeScale({ ...POWER, valid_low: 0, valid_high: 200 }, null, { min: 50, max: 100 }, 150);
  expect(scale).toEqual({ zones: [{ from: 0, to: 1, severity: "normal" }], day: [0.25, 0.5], value: 0.75, zero: 0 });
});

test("a value has no scale while there is nothing to compare it with", () => {
  expect(rangeScale(POWER, null, { min: 1, max: 2 }, 1)).toBeNull();
  expect(rangeScale(POWER, LIMITS, null, null)).toBeNull();
});

test("a value far beyond its limits is still on the scale", () => {
  expect(rangeScale(POWER, LIMITS, null, 1000)?.value).toBeLessThan(1);
  expect(rangeScale(POWER, LIMITS, null, 1000)?.value).toBeGreaterThan(0.8);
});

test("zero is where it lies on the scale, or at the end next to it", () => {
  expect(rangeScale({ ...POWER, valid_low: -100, valid_high: 100 }, null, null, 0)?.zero).toBeCloseTo(0.5);
  expect(rangeScale({ ...POWER, valid_low: 45, valid_high: 55 }, null, null, 50)?.zero).toBe(0);
});
