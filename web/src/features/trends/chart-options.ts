import type { CustomSeriesOption, LineSeriesOption } from "echarts/charts";
import type { GridComponentOption, TooltipComponentOption } from "echarts/components";
import type { ComposeOption } from "echarts/core";
import type { TrendSeries } from "@/api/types.ts";
import type { Words } from "@/i18n/use-words.ts";
import { DAY_MS, HOUR_MS } from "@/lib/time.ts";
import { isStepped } from "@/lib/value-words.ts";
import type { ChartInput } from "./chart-input.ts";
import { axisKey, axisKeys } from "./chart-points.ts";
import { linePairs, longestStepMs, runsOf, statePairs } from "./columns.ts";
import { CHART_INK, seriesColor } from "./palette.ts";
import { tooltipHtml } from "./tooltip.ts";

export type ChartOption = ComposeOption<
  LineSeriesOption | CustomSeriesOption | GridComponentOption | TooltipComponentOption
>;

const AXIS_WIDTH_PX = 50;
/** Between the plot and the scales on its right, where each curve carries its number. */
const NUMBERS_PX = 20;
const FEW_COLUMNS = 60;

/** The plot inside the chart, in pixels from its edges. */
export function plotInsets(axes: number) {
  return { top: 34, bottom: 30, left: AXIS_WIDTH_PX, right: NUMBERS_PX + AXIS_WIDTH_PX * Math.max(0, axes - 1) };
}

function timeLabel(atMs: number, spanMs: number, words: Words): string {
  const atMidnight = new Date(atMs).getHours() === 0 && new Date(atMs).getMinutes() === 0;
  if (spanMs > 3 * DAY_MS || (spanMs > 6 * HOUR_MS && atMidnight)) return words.time(atMs, "day");
  return words.time(atMs, spanMs < HOUR_MS / 4 ? "clock" : "minute");
}

function timeAxis({ view, scheme, words }: ChartInput) {
  const ink = CHART_INK[scheme];
  const spanMs = view.endMs - view.startMs;
  return {
    type: "time" as const,
    min: view.startMs,
    max: view.endMs,
    axisLine: { lineStyle: { color: ink.axis } },
    axisTick: { lineStyle: { color: ink.axis } },
    axisLabel: { color: ink.text, hideOverlap: true, formatter: (atMs: number) => timeLabel(atMs, spanMs, words) },
    splitLine: { show: true, lineStyle: { color: ink.line } },
    axisPointer: { label: { show: false } },
  };
}

function valueAxis(key: string, index: number, { points, scheme, words }: ChartInput) {
  const ink = CHART_INK[scheme];
  const members = points.filter(({ point }) => axisKey(point) === key);
  const only = members.length === 1 ? members[0]?.point : undefined;
  const isState = key === "state";
  const label = (value: number) => {
    if (only && isState && Object.keys(only.labels).length > 0) return words.text(only.labels[value]);
    return words.number(value, null);
  };
  return {
    type: "value" as const,
    name: members[0]?.point.unit ?? "",
    nameTextStyle: { color: ink.text, align: index === 0 ? ("right" as const) : ("left" as const) },
    nameGap: 12,
    position: index === 0 ? ("left" as const) : ("right" as const),
    offset: index === 0 ? 0 : NUMBERS_PX + (index - 1) * AXIS_WIDTH_PX,
    scale: true,
    boundaryGap: ["4%", "4%"] as [string, string],
    ...(isState ? { minInterval: 1 } : {}),
    axisLine: { show: index > 0, lineStyle: { color: ink.axis } },
    axisLabel: { color: ink.text, formatter: label, width: AXIS_WIDTH_PX - 10, overflow: "truncate" as const },
    splitLine: { show: index === 0, lineStyle: { color: ink.line } },
    axisPointer: { show: false },
  };
}

/** From lowest to highest of each column, drawn as one shape per run. */
function band(series: TrendSeries, axis: number, color: string, stepMs: number): CustomSeriesOption {
  const runs = runsOf(series, stepMs);
  const data = runs.map(({ first, last }) => {
    const low = Math.min(...series.min.slice(first, last + 1).map((value) => value ?? 0));
    const high = Math.max(...series.max.slice(first, last + 1).map((value) => value ?? 0));
    return [series.at_ms[first] ?? 0, series.at_ms[last] ?? 0, low, high];
  });
  return {
    type: "custom",
    data,
    yAxisIndex: axis,
    encode: { x: [0, 1], y: [2, 3] },
    clip: true,
    silent: true,
    z: 1,
    tooltip: { show: false },
    renderItem: (params, api) => {
      const run = runs[params.dataIndex];
      if (!run) return null;
      const corners: number[][] = [];
      for (let index = run.first; index <= run.last; index += 1)
        corners.push(api.coord([series.at_ms[index] ?? 0, series.max[index] ?? 0]));
      for (let index = run.last; index >= run.first; index -= 1)
        corners.push(api.coord([series.at_ms[index] ?? 0, series.min[index] ?? 0]));
      return { type: "polygon", shape: { points: corners }, style: { fill: color, opacity: 0.2 }, silent: true };
    },
  };
}

function line(number: number, axis: number, color: string): LineSeriesOption {
  return {
    type: "line",
    name: String(number),
    yAxisIndex: axis,
    color,
    lineStyle: { width: 1.6, color },
    symbol: "circle",
    symbolSize: 4,
    emphasis: { disabled: true },
    labelLayout: { moveOverlap: "shiftY" },
    endLabel: { show: true, formatter: String(number), color, fontWeight: 700, fontSize: 13, distance: 5 },
    z: 3,
  };
}

function seriesOf(input: ChartInput): (LineSeriesOption | CustomSeriesOption)[] {
  const { points, trend, scheme } = input;
  const keys = axisKeys(points);
  return points.flatMap((item, index) => {
    const series = trend.series.find((one) => one.point_id === item.point.id);
    if (!series) return [];
    const axis = keys.indexOf(axisKey(item.point));
    const color = seriesColor(index, scheme);
    const stepped = isStepped(item.point);
    const stepMs = longestStepMs(trend.bucket_ms, item.point.recorded_every_s);
    const data = stepped ? statePairs(series, stepMs, trend.end_ms) : linePairs(series, series.mean, stepMs);
    const few = series.at_ms.length <= FEW_COLUMNS && !stepped;
    const curve = {
      ...line(index + 1, axis, color),
      data,
      showSymbol: few,
      ...(stepped ? { step: "end" as const } : {}),
    };
    return trend.bucket_ms > 0 && !stepped ? [band(series, axis, color, stepMs), curve] : [curve];
  });
}

/** The whole chart as a value: what ECharts draws is decided here, from data alone. */
export function chartOptions(input: ChartInput): ChartOption {
  const keys = axisKeys(input.points);
  const ink = CHART_INK[input.scheme];
  return {
    animation: false,
    grid: { ...plotInsets(keys.length), containLabel: false },
    xAxis: timeAxis(input),
    yAxis: keys.map((key, index) => valueAxis(key, index, input)),
    tooltip: {
      trigger: "axis",
      confine: true,
      transitionDuration: 0,
      backgroundColor: ink.card,
      borderColor: ink.axis,
      textStyle: { color: ink.ink, fontFamily: "inherit", fontSize: 13 },
      axisPointer: { type: "line", snap: false, lineStyle: { color: ink.text, type: "solid" } },
      formatter: (params) => {
        const hit = Array.isArray(params) ? params[0] : params;
        const atMs = (hit as { axisValue?: unknown } | undefined)?.axisValue;
        return typeof atMs === "number" ? tooltipHtml(atMs, input) : "";
      },
    },
    series: seriesOf(input),
  };
}
