import { expect, test } from "vitest";
import { stateRowsPx, stateRuns } from "./state-rows.ts";
import type { Trace } from "./traces.ts";

const TIMES = [0, 10, 20, 30, 40, 50];

const told = (runs: ReturnType<typeof stateRuns>) =>
  runs.map(({ startMs, endMs, value, isMixed }) => [startMs, endMs, value, isMixed]);

test("a state is one run until it changes, whatever other traces say in between", () => {
  expect(told(stateRuns(TIMES, { mid: [1, undefined, 1, 0, undefined, null] }))).toEqual([
    [0, 30, 1, false],
    [30, 50, 0, false],
  ]);
});

test("a state is not drawn where nothing is known of it", () => {
  expect(told(stateRuns(TIMES, { mid: [1, null, null, 1, null, undefined] }))).toEqual([
    [0, 10, 1, false],
    [30, 40, 1, false],
  ]);
});

test("a column in which the state changed and changed back is seen", () => {
  const columns = { mid: [0, 0, 0, 0, 0, null], low: [0, 0, 0, 0, 0, null], high: [0, 0, 1, 0, 0, null] };
  expect(told(stateRuns(TIMES, columns))).toEqual([
    [0, 20, 0, false],
    [20, 30, 0, true],
    [30, 50, 0, false],
  ]);
});

test("each state has a row, and curves have none", () => {
  const traces: Trace[] = [
    { part: "mid", place: 0, axis: "unit kW" },
    { part: "mid", place: 1, axis: "state" },
  ];
  expect(stateRowsPx(traces.slice(0, 1))).toBe(0);
  const one = stateRowsPx(traces);
  expect(one).toBeGreaterThan(0);
  expect(stateRowsPx([...traces, { part: "earlier", place: 1, axis: "state" }])).toBeGreaterThan(one);
});
