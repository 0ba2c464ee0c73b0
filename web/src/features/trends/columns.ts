import type { TrendSeries } from "@/api/types.ts";

export type PlotPair = [atMs: number, value: number | null];

/** A run of columns without a gap. */
export interface Run {
  readonly first: number;
  readonly last: number;
}

/**
 * The longest distance between two columns that is still one line: three samples may be missed, no more.
 *
 * `recordedEveryS` is what the server says: the longest time between two samples of the point while all is well.
 */
export function longestStepMs(bucketMs: number, recordedEveryS: number): number {
  return bucketMs + 3000 * recordedEveryS;
}

function breaksBefore(series: TrendSeries, index: number, stepMs: number): boolean {
  const at = series.at_ms[index] ?? 0;
  const before = series.at_ms[index - 1];
  return before === undefined || at - before > stepMs || series.mean[index - 1] === null;
}

/** The runs of a series: broken where samples are missing, and where all of them were bad. */
export function runsOf(series: TrendSeries, stepMs: number): Run[] {
  const runs: Run[] = [];
  let first = 0;
  for (let index = 0; index <= series.at_ms.length; index += 1) {
    const isEnd = index === series.at_ms.length || series.mean[index] === null;
    if (index > first && (isEnd || breaksBefore(series, index, stepMs))) {
      runs.push({ first, last: index - 1 });
      first = index;
    }
    if (isEnd) first = index + 1;
  }
  return runs;
}

/** Pairs for a line, with an empty pair after each run so that the line breaks there. */
export function linePairs(series: TrendSeries, values: readonly (number | null)[], stepMs: number): PlotPair[] {
  const pairs: PlotPair[] = [];
  for (const { first, last } of runsOf(series, stepMs)) {
    for (let index = first; index <= last; index += 1) pairs.push([series.at_ms[index] ?? 0, values[index] ?? null]);
    pairs.push([(series.at_ms[last] ?? 0) + 1, null]);
  }
  pairs.pop();
  return pairs;
}

/** Pairs for a state: the last one holds to the end of the range, unless it is too old to. */
export function statePairs(series: TrendSeries, stepMs: number, endMs: number): PlotPair[] {
  const pairs = linePairs(series, series.last, stepMs);
  const last = pairs.at(-1);
  const isGood = series.mean.at(-1) !== null;
  if (last && isGood && endMs > last[0] && endMs - last[0] <= stepMs) pairs.push([endMs, last[1]]);
  return pairs;
}

/** The column at a moment: the last one that began before it, unless it is too old to speak for it. */
export function columnAt(series: TrendSeries, atMs: number, stepMs: number): number | null {
  let low = 0;
  let high = series.at_ms.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((series.at_ms[middle] ?? 0) <= atMs) low = middle + 1;
    else high = middle;
  }
  const found = series.at_ms[low - 1];
  return found === undefined || atMs - found > stepMs ? null : low - 1;
}

export interface Summary {
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
  readonly last: number | null;
}

/** Lowest, mean, highest and last value of the columns. The mean gives each column the same weight. */
export function summary(series: TrendSeries): Summary {
  const good = series.at_ms.map((_, index) => index).filter((index) => series.mean[index] !== null);
  const pick = (values: readonly (number | null)[]) => good.map((index) => values[index] ?? 0);
  const means = pick(series.mean);
  if (means.length === 0) return { min: null, mean: null, max: null, last: null };
  return {
    min: pick(series.min).reduce((a, b) => Math.min(a, b)),
    max: pick(series.max).reduce((a, b) => Math.max(a, b)),
    mean: means.reduce((a, b) => a + b, 0) / means.length,
    last: pick(series.last).at(-1) ?? null,
  };
}
