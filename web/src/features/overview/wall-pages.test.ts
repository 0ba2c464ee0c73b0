import { expect, test } from "vitest";
import type { Device } from "@/api/types.ts";
import { stateOf } from "@/components/device-state.ts";
import { DEVICE } from "@/testing/plant.ts";
import { wallGrid, wallPages, wallScale } from "./wall-pages.ts";

test("as many tiles are shown as fit, and one at least", () => {
  expect(wallGrid(1920, 980)).toEqual({ columns: 5, rows: 2, isTight: false });
  expect(wallGrid(1242, 678)).toEqual({ columns: 3, rows: 2, isTight: true });
  expect(wallGrid(300, 200)).toEqual({ columns: 1, rows: 1, isTight: true });
  expect(wallGrid(3840, 2000, 20)).toEqual({ columns: 9, rows: 4, isTight: true });
});

test("pages are as full as each other, and their tiles fill the screen", () => {
  expect(wallGrid(1920, 980, 16, 14)).toEqual({ columns: 4, rows: 2, isTight: false });
  expect(wallGrid(1920, 980, 16, 3)).toEqual({ columns: 3, rows: 1, isTight: false });
  expect(wallGrid(1920, 980, 16, 0)).toEqual({ columns: 1, rows: 1, isTight: false });
});

test("letters grow with the screen, and further while no device and no value is lost", () => {
  expect(wallScale(3840, 2160, 14)).toBeCloseTo(2 * wallScale(1920, 1080, 14), 1);
  expect(wallScale(1920, 1080, 2)).toBeGreaterThan(1.5);
  expect(wallScale(1920, 1080, 10)).toBeLessThan(1.2);
  expect(wallScale(390, 844, 1)).toBe(1);
});

test("the worst come first, the others in their order, page by page", () => {
  const device = (id: number, status: Device["status"]): Device => ({ ...DEVICE, id, status });
  const devices = [device(1, "online"), device(2, "offline"), device(3, "online"), device(4, "error")];
  const pages = wallPages(devices, (one) => stateOf(one.status), { columns: 3, rows: 1 });
  expect(pages.map((page) => page.map(({ id }) => id))).toEqual([[2, 4, 1], [3]]);
  expect(wallPages([], () => "normal", { columns: 1, rows: 1 })).toEqual([[]]);
});
