import { expect, test } from "vitest";
import { POWER, STATE } from "@/testing/plant.ts";
import { cellRuns } from "./plan-cells.ts";

const request = { table: "holding", first: 178, count: 6, wanted: 2 } as const;

test("registers of points and those between them are told apart", () => {
  const runs = cellRuns(request, [POWER, { ...STATE, address: 183 }]);
  expect(runs.map(({ first, count, isWanted }) => [first, count, isWanted])).toEqual([
    [178, 2, false],
    [180, 2, true],
    [182, 1, false],
    [183, 1, true],
  ]);
  expect(runs[1]?.keys).toEqual(["power"]);
});

test("points of another table are not in the request", () => {
  expect(cellRuns(request, [{ ...POWER, table: "input" }])).toEqual([
    { first: 178, count: 6, isWanted: false, keys: [] },
  ]);
});
