import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import type { TrendSeries } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import { DETAIL, POWER, STATE, TREND } from "@/testing/plant.ts";
import { chartFrame, plotInsets, shownAxes } from "./chart-frame.ts";
import type { ChartInput } from "./chart-input.ts";
import { resolve } from "./chart-points.ts";
import { cursorText, tooltipHtml } from "./tooltip.ts";
import { tableOf, tracesOf } from "./traces.ts";

const STATES = {
  point_id: STATE.id,
  at_ms: [0, 10_000, 20_000],
  min: [0, 0, null],
  max: [0, 9, null],
  mean: [0, 4.5, null],
  last: [0, 9, null],
  good_percent: [100, 100, 0],
};
const DAY_MS = 86_400_000;

function input(given: Partial<ChartInput> = {}): ChartInput {
  const words = renderHook(() => useWords()).result.current;
  const refs = [
    { deviceId: 1, key: "power" },
    { deviceId: 1, key: "state" },
  ];
  const points = resolve(refs, new Map([[1, { ...DETAIL, name: "G<1>" }]])).drawn;
  const trend = { ...TREND, end_ms: 60_000, series: [...TREND.series, STATES] };
  return { points, trend, earlier: null, scheme: "light", words, zone: "UTC", showsLimits: true, ...given };
}

const parts = (traces: ReturnType<typeof tracesOf>) => traces.map(({ part, place }) => `${part} ${place}`);

test("a curve has a band from lowest to highest, a state tells what else was in a column, raw samples have none", () => {
  const { points } = input();
  expect(parts(tracesOf(points, false, false))).toEqual(["low 0", "high 0", "mid 0", "low 1", "high 1", "mid 1"]);
  expect(parts(tracesOf(points, true, false))).toEqual(["mid 0", "mid 1"]);
  expect(parts(tracesOf(points, true, true))).toEqual(["earlier 0", "mid 0", "earlier 1", "mid 1"]);
  const traces = tracesOf(points, false, false);
  const frame = chartFrame({ look: input(), traces, size: { width: 900, height: 400 } });
  expect(frame.bands?.map((band) => band.series)).toEqual([[2, 1]]);
});

test("all traces lie over the same times, and a gap is not what a trace says nothing of", () => {
  const [times, low, high, power, , , state] = tableOf(input());
  expect(times).toEqual([0, 10_000, 19_999, 20_000, 20_001]);
  expect(power).toEqual([405, 411, undefined, 396, null]);
  expect([low?.[1], high?.[1]]).toEqual([405, 420]);
  expect(state).toEqual([0, 9, 9, null, undefined]);
});

test("a gap of a trace is one also at the times of the others", () => {
  const one = { ...TREND.series[0], at_ms: [0, 10_000, 40_000], mean: [405, null, 396] } as TrendSeries;
  const other = { ...STATES, at_ms: [5000, 20_000, 30_000], min: [0, 0, 0], max: [0, 0, 0], last: [0, 0, 0] };
  const series = [one, { ...other, mean: [0, 0, 0] }];
  const [times, , , power] = tableOf(input({ trend: { ...TREND, end_ms: 60_000, series } }));
  const before = power?.slice(times.indexOf(1), times.indexOf(40_000)) ?? [];
  expect(before.length).toBeGreaterThan(2);
  expect(before.every((cell) => cell === null)).toBe(true);
});

test("an earlier period lies over the present one", () => {
  const earlier = {
    byMs: DAY_MS,
    trend: { ...TREND, series: TREND.series.map((one) => ({ ...one, at_ms: [-DAY_MS, 10_000 - DAY_MS, 0] })) },
  };
  const [times, before] = tableOf(input({ earlier }));
  expect(before?.[times.indexOf(0)]).toBe(405);
  expect(before?.[times.indexOf(10_000)]).toBe(411);
});

test("each unit has its scale, the first on the left, and a phone shows two", () => {
  const look = input();
  const frame = chartFrame({ look, traces: tracesOf(look.points, false, false), size: { width: 900, height: 400 } });
  expect(frame.axes?.map((axis) => axis.side)).toEqual([2, 3]);
  const many = ["V", "A", "Hz"].map((unit, index) => {
    const [first] = look.points;
    if (!first) throw new Error("the chart has no points");
    return { ...first, point: { ...POWER, id: index, unit } };
  });
  expect(shownAxes({ ...look, points: many }, 1000).length).toBe(3);
  const first = { ...look, points: many.slice(0, 1) };
  expect(plotInsets({ ...look, points: many }, 1000).right).toBeGreaterThan(plotInsets(first, 1000).right);
  expect(shownAxes({ ...look, points: many }, 390).length).toBe(2);
});

test("the cursor reads exact values, the spread of the column, labels, and gaps", () => {
  const at15s = tooltipHtml(15_000, input());
  expect(at15s).toContain("411.0 kW (405.0 – 420.0)");
  expect(at15s).toContain("Running");
  expect(at15s).toContain("G&#60;1&#62; · Active power");
  expect(tooltipHtml(25_000, input())).toContain("no reading");
  expect(tooltipHtml(55_000, input())).not.toContain(`${POWER.unit}<`);
  expect(cursorText(15_000, input())).toContain("Active power: 411.0 kW");
});

const RAW = { ...TREND, bucket_ms: 0, end_ms: 60_000 };
const RAW_STATES = {
  ...STATES,
  at_ms: [0, 10_000, 12_345],
  min: [0, 0, 9],
  max: [0, 0, 9],
  last: [0, 0, 9],
  mean: [0, 0, 9],
};
const RAW_POWER = {
  ...TREND.series[0],
  at_ms: [8000, 10_123, 12_500],
  min: [405, 411, 396],
  max: [405, 411, 396],
  mean: [405, 411, 396],
} as TrendSeries;

test("of samples as they came the cursor tells when they were taken, and since when a state holds", () => {
  const shown = tooltipHtml(13_000, input({ trend: { ...RAW, series: [RAW_POWER, RAW_STATES] } }));
  expect(shown).toContain("00:00:12.500");
  expect(shown).toContain("since 00:00:12.345");
  expect(shown).not.toContain("00:00:13");
});

test("samples of several moments have their times beside them", () => {
  const [power] = input().points;
  if (!power) throw new Error("the chart has no points");
  const other = { ...power, point: { ...power.point, id: 99 } };
  const two = { ...RAW_POWER, point_id: 99, at_ms: [8500, 10_900, 12_900] };
  const series = [RAW_POWER, two];
  const shown = tooltipHtml(10_400, input({ points: [power, other], trend: { ...RAW, series } }));
  expect(shown).toContain("00:00:10.123");
  expect(shown).toContain("00:00:10.900");
});

test("of a column the cursor tells from when to when it is, and that a state changed in it", () => {
  const shown = tooltipHtml(15_000, input());
  expect(shown).toMatch(/00:00:10.–.00:00:20/);
  expect(shown).toContain("Running (changes within)");
});

test("the cursor tells the time on the clocks of the zone, and what was earlier", () => {
  const earlier = {
    byMs: DAY_MS,
    trend: { ...TREND, series: TREND.series.map((one) => ({ ...one, at_ms: [-DAY_MS, 1, 2] })) },
  };
  const shown = tooltipHtml(0, input({ zone: "Asia/Kathmandu", earlier }));
  expect(shown).toContain("05:30:00");
  expect(shown).toContain("vs ");
});
