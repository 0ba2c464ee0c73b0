import type { Point, Trend, TrendSeries } from "@/api/types.ts";

export const SPARK_WIDTH = 100;
export const SPARK_HEIGHT = 20;
export const SPARK_COLUMNS = 60;
const EDGE = 1.5;

/** More than this many empty columns between two samples are a gap. */
const LONGEST_GAP = 3;
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
  readonly columnMs: number;
}

/** From when the first of them was recorded, so that a plant that is new fills its boxes, too. */
function axisOf({ start_ms, end_ms, bucket_ms, series }: Trend): Axis {
  const columnMs = bucket_ms || (end_ms - start_ms) / SPARK_COLUMNS;
  const firstMs = Math.min(...series.flatMap(({ at_ms }) => at_ms[0] ?? []));
  const isWhole = firstMs - start_ms <= LONGEST_GAP * columnMs;
  return { startMs: isWhole ? start_ms : firstMs, endMs: end_ms, columnMs };
}

/** The lowest value at the bottom; broken where nothing was recorded. A value that never changed runs through the middle. */
function pathOf(series: TrendSeries, { startMs, endMs }: Axis, gapMs: number): string {
  const means = series.mean.filter((mean) => mean !== null);
  const low = Math.min(...means);
  const high = Math.max(...means);
  const x = (atMs: number) => ((atMs - startMs) / (endMs - startMs)) * SPARK_WIDTH;
  const y = (value: number) =>
    high === low
      ? SPARK_HEIGHT / 2
      : SPARK_HEIGHT - EDGE - ((value - low) / (high - low)) * (SPARK_HEIGHT - 2 * EDGE);
  const parts: string[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  series.at_ms.forEach((atMs, index) => {
    const mean = series.mean[index];
    if (mean === null || mean === undefined) {
      lastMs = Number.NEGATIVE_INFINITY;
      return;
    }
    parts.push(`${atMs - lastMs > gapMs ? "M" : "L"}${x(atMs).toFixed(1)} ${y(mean).toFixed(1)}`);
    lastMs = atMs;
  });
  return parts.join("");
}

function sparkOf(series: TrendSeries, axis: Axis, gapMs: number): Spark | null {
  const at = series.at_ms.filter((_, index) => (series.mean[index] ?? null) !== null);
  const spanMs = axis.endMs - axis.startMs;
  const coveredMs = (at.at(-1) ?? 0) - (at[0] ?? 0);
  if (spanMs < SHORTEST_MS || coveredMs < spanMs * LEAST_SHARE) return null;
  const low = Math.min(...series.min.filter((one) => one !== null));
  const high = Math.max(...series.max.filter((one) => one !== null));
  return { path: pathOf(series, axis, gapMs), spanMs, low, high };
}

/** The lines of a tile by point, all over the same time; of a point with too little of it there is none. */
export function sparksOf(trend: Trend, pointOf: ReadonlyMap<number, Point>): ReadonlyMap<number, Spark> {
  const axis = axisOf(trend);
  return new Map(
    trend.series.flatMap((series): [number, Spark][] => {
      const everyMs = (pointOf.get(series.point_id)?.recorded_every_s ?? 0) * 1000;
      const spark = sparkOf(series, axis, Math.max(LONGEST_GAP * axis.columnMs, everyMs + axis.columnMs));
      return spark ? [[series.point_id, spark]] : [];
    }),
  );
}
