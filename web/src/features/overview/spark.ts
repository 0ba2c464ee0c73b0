import type { Point, Trend, TrendSeries } from "@/api/types.ts";
import { longestStepMs, runsOf } from "@/lib/gaps.ts";

export const SPARK_WIDTH = 100;
export const SPARK_HEIGHT = 20;
export const SPARK_COLUMNS = 60;
const EDGE = 1.5;

/** With no more than so many empty columns before its first sample a plant was there from the beginning. */
const MOST_EMPTY = 3;
/** Of less time than this there is nothing to see yet. */
const SHORTEST_MS = 300_000;
/** A line that runs through less of the box than this looks broken. */
const LEAST_SHARE = 1 / 3;

/** How a value went lately: a line in a box of 100 x 20, and what can be said of it. */
export interface Spark {
  readonly path: string;
  readonly spanMs: number;
  readonly low: number;
  readonly high: number;
}

interface Axis {
  readonly startMs: number;
  readonly endMs: number;
}

/** From when the first of them was recorded, so that a plant that is new fills its boxes, too. */
function axisOf({ start_ms, end_ms, bucket_ms, series }: Trend): Axis {
  const columnMs = bucket_ms || (end_ms - start_ms) / SPARK_COLUMNS;
  const firstMs = Math.min(...series.flatMap(({ at_ms }) => at_ms[0] ?? []));
  const isWhole = firstMs - start_ms <= MOST_EMPTY * columnMs;
  return { startMs: isWhole ? start_ms : firstMs, endMs: end_ms };
}

/** The lowest value at the bottom; broken where nothing was recorded. A value that never changed runs through the middle. */
function pathOf({ at_ms, mean }: TrendSeries, { startMs, endMs }: Axis, stepMs: number): string {
  const means = mean.filter((one) => one !== null);
  const low = Math.min(...means);
  const high = Math.max(...means);
  const x = (index: number) => (((at_ms[index] ?? 0) - startMs) / (endMs - startMs)) * SPARK_WIDTH;
  const y = (index: number) =>
    high === low
      ? SPARK_HEIGHT / 2
      : SPARK_HEIGHT - EDGE - (((mean[index] ?? 0) - low) / (high - low)) * (SPARK_HEIGHT - 2 * EDGE);
  const corner = (index: number) => `${x(index).toFixed(1)} ${y(index).toFixed(1)}`;
  const line = (first: number, last: number) =>
    Array.from({ length: last - first + 1 }, (_, place) => corner(first + place)).join("L");
  return runsOf(at_ms, mean, stepMs)
    .map(({ first, last }) => `M${line(first, last)}`)
    .join("");
}

function sparkOf(series: TrendSeries, axis: Axis, stepMs: number): Spark | null {
  const at = series.at_ms.filter((_, index) => (series.mean[index] ?? null) !== null);
  const spanMs = axis.endMs - axis.startMs;
  const coveredMs = (at.at(-1) ?? 0) - (at[0] ?? 0);
  if (spanMs < SHORTEST_MS || coveredMs < spanMs * LEAST_SHARE) return null;
  const low = Math.min(...series.min.filter((one) => one !== null));
  const high = Math.max(...series.max.filter((one) => one !== null));
  return { path: pathOf(series, axis, stepMs), spanMs, low, high };
}

/** The lines of a tile by point, all over the same time; of a point with too little of it there is none. */
export function sparksOf(trend: Trend, pointOf: ReadonlyMap<number, Point>): ReadonlyMap<number, Spark> {
  const axis = axisOf(trend);
  return new Map(
    trend.series.flatMap((series): [number, Spark][] => {
      const everyS = pointOf.get(series.point_id)?.recorded_every_s ?? 0;
      const spark = sparkOf(series, axis, longestStepMs(trend.bucket_ms, everyS));
      return spark ? [[series.point_id, spark]] : [];
    }),
  );
}
