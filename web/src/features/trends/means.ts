import type { TrendSeries } from "@/api/types.ts";
import { longestStepMs, longestStepThereMs } from "@/lib/gaps.ts";
import { seriesFor } from "./chart-input.ts";
import type { ChartPoint } from "./chart-points.ts";
import type { Curves, Figures } from "./queries.ts";
import type { Bounds } from "./time-range.ts";

interface Pace {
  /** How long a column is; 0 for samples as they came. */
  readonly bucketMs: number;
  readonly stepMs: number;
}

/**
 * The mean over time: each value counts for as long as it held, so that an hour in which the point was recorded more
 * often does not count for more. A gap counts for nothing; null when there is nothing else.
 *
 * Within a column samples count alike; in what follows it, its last one holds.
 */
export function timeMean(series: TrendSeries, { startMs, endMs }: Bounds, { bucketMs, stepMs }: Pace): number | null {
  let sum = 0;
  let heldMs = 0;
  const add = (value: number, fromMs: number, untilMs: number) => {
    const ms = Math.min(untilMs, endMs) - Math.max(fromMs, startMs);
    if (ms <= 0) return;
    sum += value * ms;
    heldMs += ms;
  };
  series.at_ms.forEach((atMs, index) => {
    const [mean, last] = [series.mean[index], series.last[index]];
    if (typeof mean !== "number" || typeof last !== "number") return;
    const nextMs = series.at_ms[index + 1] ?? endMs;
    const isOneLine = nextMs - atMs <= longestStepThereMs(series.at_ms, index, stepMs);
    const columnMs = Math.min(nextMs, atMs + bucketMs);
    add(mean, atMs, columnMs);
    if (isOneLine) add(last, columnMs, nextMs);
  });
  return heldMs > 0 ? sum / heldMs : null;
}

/** The figures with means over time, of the range that the curves are of. */
export function withTimeMeans(
  figures: ReadonlyMap<number, Figures>,
  curves: Curves | undefined,
  points: readonly ChartPoint[],
): ReadonlyMap<number, Figures> {
  if (!curves) return figures;
  const { trend, bounds } = curves;
  const told = new Map(figures);
  for (const { point } of points) {
    const own = figures.get(point.id);
    const series = seriesFor(trend, point.id);
    if (!own || own.mean === null || !series) continue;
    const stepMs = longestStepMs(trend.bucket_ms, point.recorded_every_s);
    const mean = timeMean(series, bounds, { bucketMs: trend.bucket_ms, stepMs });
    told.set(point.id, { ...own, mean: mean ?? own.mean });
  }
  return told;
}
