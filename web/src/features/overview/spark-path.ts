import type { TrendSeries } from "@/api/types.ts";

export const SPARK_WIDTH = 100;
export const SPARK_HEIGHT = 20;
const EDGE = 1.5;

/** More than this many empty columns between two samples are a gap. */
const LONGEST_GAP = 3;

/**
 * The line of a series in a box of 100 x 20, its lowest value at the bottom; it is broken where nothing was recorded.
 *
 * A value that never changed runs through the middle. Empty when there are not two values to join.
 */
export function sparkPath(series: TrendSeries, startMs: number, endMs: number, bucketMs: number): string {
  const means = series.mean.filter((mean) => mean !== null);
  if (means.length < 2) return "";
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
    const command = atMs - lastMs > LONGEST_GAP * bucketMs ? "M" : "L";
    parts.push(`${command}${x(atMs).toFixed(1)} ${y(mean).toFixed(1)}`);
    lastMs = atMs;
  });
  return parts.join("");
}
