import { expect, test } from "vitest";
import type { DeviceDetail, Point } from "@/api/types.ts";
import { DETAIL, POWER, SERIAL, STATE } from "@/testing/plant.ts";
import { askedAhead, axisKeys, canAdd, MOST_POINTS, resolve } from "./chart-points.ts";

function deviceWith(points: Point[]): ReadonlyMap<number, DeviceDetail> {
  return new Map([[1, { ...DETAIL, points }]]);
}

const point = (key: string, unit: string): Point => ({ ...POWER, key, unit });
const refs = (points: readonly Point[]) => points.map(({ key }) => ({ deviceId: 1, key }));

test("points of one unit share a scale, states need none", () => {
  const points = [point("a", "kW"), point("b", "kW"), point("c", "Hz"), STATE];
  const { drawn } = resolve(refs(points), deviceWith(points));
  expect(axisKeys(drawn)).toEqual(["unit kW", "unit Hz"]);
});

test("a fifth unit is left out, and named", () => {
  const points = ["V", "A", "kW", "kvar", "Hz"].map((unit) => point(unit, unit));
  const { drawn, leftOut, asked } = resolve(refs(points), deviceWith(points));
  expect(drawn.length).toBe(4);
  expect(leftOut.map((one) => one.point.key)).toEqual(["Hz"]);
  expect(asked).toEqual(refs(points));
  expect(canAdd(drawn, point("x", "°C"))).toBe(false);
  expect(canAdd(drawn, point("x", "kW"))).toBe(true);
  expect(canAdd(drawn, STATE)).toBe(true);
});

test("one point too many is left out", () => {
  const points = Array.from({ length: MOST_POINTS + 1 }, (_, index) => point(`p${index}`, "kW"));
  const { drawn, leftOut, asked } = resolve(refs(points), deviceWith(points));
  expect([drawn.length, leftOut.length, asked.length]).toEqual([MOST_POINTS, 1, MOST_POINTS]);
});

test("what is not there is not asked for, and what was asked ahead is not asked again", () => {
  const named = refs([POWER, STATE]);
  expect(resolve(named, deviceWith([POWER, STATE])).asked).toEqual(askedAhead(named));
  expect(resolve(named, deviceWith([POWER])).asked).toEqual(refs([POWER]));
});

test("an unknown device, an unknown point and a text are named as unknown", () => {
  const asked = [
    { deviceId: 9, key: "power" },
    { deviceId: 1, key: "nothing" },
    { deviceId: 1, key: "serial" },
  ];
  const { drawn, unknown } = resolve(asked, deviceWith([POWER, SERIAL]));
  expect(drawn).toEqual([]);
  expect(unknown).toEqual(asked);
});
