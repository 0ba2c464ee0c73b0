import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { useWords } from "@/i18n/use-words.ts";
import { DETAIL, POWER, STATE, TREND } from "@/testing/plant.ts";
import type { ChartInput } from "./chart-input.ts";
import { chartOptions, plotInsets } from "./chart-options.ts";
import { resolve } from "./chart-points.ts";
import { tooltipHtml } from "./tooltip.ts";

const STATES = {
  point_id: STATE.id,
  at_ms: [0, 10_000, 20_000],
  min: [0, 0, null],
  max: [0, 9, null],
  mean: [0, 4.5, null],
  last: [0, 9, null],
  good_percent: [100, 100, 0],
};

function input(bucketMs = 10_000): ChartInput {
  const words = renderHook(() => useWords()).result.current;
  const refs = [
    { deviceId: 1, key: "power" },
    { deviceId: 1, key: "state" },
  ];
  const points = resolve(refs, new Map([[1, { ...DETAIL, name: "G<1>" }]])).drawn;
  const trend = { ...TREND, bucket_ms: bucketMs, series: [...TREND.series, STATES] };
  return { points, trend, view: { startMs: 0, endMs: 60_000 }, scheme: "light", words };
}

test("a curve has a band from lowest to highest, a state has steps and none", () => {
  const series = [chartOptions(input()).series].flat();
  expect(series.map((one) => one?.type)).toEqual(["custom", "line", "line"]);
  expect(series[2]).toMatchObject({
    step: "end",
    data: [
      [0, 0],
      [10_000, 9],
    ],
  });
});

test("raw samples have no band", () => {
  const series = [chartOptions(input(0)).series].flat();
  expect(series.map((one) => one?.type)).toEqual(["line", "line"]);
});

test("each unit has its scale, the first on the left, and room is left for the others", () => {
  const axes = [chartOptions(input()).yAxis].flat();
  expect(axes.map((axis) => axis?.position)).toEqual(["left", "right"]);
  expect(axes[0]?.name).toBe("kW");
  expect(plotInsets(2).right).toBeGreaterThan(plotInsets(1).right);
});

test("the time axis is what is looked at, not what has data", () => {
  expect(chartOptions(input()).xAxis).toMatchObject({ min: 0, max: 60_000 });
});

test("the cursor reads exact values, the spread of the column, labels, and gaps", () => {
  const at15s = tooltipHtml(15_000, input());
  expect(at15s).toContain("411.0 kW (405.0 – 420.0)");
  expect(at15s).toContain("Running");
  expect(at15s).toContain("G&#60;1&#62; · Active power");
  expect(tooltipHtml(25_000, input())).toContain("no reading");
  expect(tooltipHtml(55_000, input())).not.toContain(`${POWER.unit}<`);
});
