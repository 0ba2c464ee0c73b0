import type { TrendSeries } from "@/api/types.ts";
import { type Cell, longestStepThereMs, runsOf } from "@/lib/gaps.ts";

/** A series as it is drawn: columns of equal length, an empty row wherever the line breaks. */
export interface Curve {
  readonly at: readonly number[];
  readonly mid: readonly Cell[];
  readonly low: readonly Cell[];
  readonly high: readonly Cell[];
}

interface Drawing {
  readonly stepMs: number;
  /** How long a column is; 0 for samples as they came. */
  readonly bucketMs: number;
  /** A state is as it was last; a measurement is its mean. */
  readonly isStepped: boolean;
  /** Until when a state holds. */
  readonly endMs: number;
}

/** Until when a state holds after the run: to the next sample or the end of the range, unless it is too old to. */
function heldUntilMs(series: TrendSeries, last: number, { stepMs, isStepped, endMs }: Drawing): number | null {
  const lastMs = series.at_ms[last] ?? 0;
  const untilMs = series.at_ms[last + 1] ?? endMs;
  return isStepped && untilMs > lastMs + 1 && untilMs - lastMs <= longestStepThereMs(series.at_ms, last, stepMs)
    ? untilMs
    : null;
}

/** Whether something else comes later than the column ends in which a state changed: then its last state holds. */
function endsMixed(series: TrendSeries, index: number, nextMs: number, drawing: Drawing): boolean {
  const isMixed = drawing.isStepped && series.min[index] !== series.max[index];
  return isMixed && nextMs > (series.at_ms[index] ?? 0) + drawing.bucketMs;
}

function cell(column: readonly Cell[], index: number): Cell {
  return column[index] ?? null;
}

/** The series with an empty row behind each run, so that the line breaks there. */
export function curveOf(series: TrendSeries, drawing: Drawing): Curve {
  const at: number[] = [];
  const columns = { mid: [] as Cell[], low: [] as Cell[], high: [] as Cell[] };
  const push = (atMs: number, mid: Cell, low: Cell, high: Cell) => {
    at.push(atMs);
    columns.mid.push(mid);
    columns.low.push(low);
    columns.high.push(high);
  };
  const mids = drawing.isStepped ? series.last : series.mean;
  for (const { first, last } of runsOf(series.at_ms, series.mean, drawing.stepMs)) {
    const untilMs = heldUntilMs(series, last, drawing);
    const nextMsOf = (index: number) => (index < last ? cell(series.at_ms, index + 1) : untilMs) ?? 0;
    for (let index = first; index <= last; index += 1) {
      const atMs = cell(series.at_ms, index) ?? 0;
      push(atMs, cell(mids, index), cell(series.min, index), cell(series.max, index));
      if (endsMixed(series, index, nextMsOf(index) - 1, drawing))
        push(atMs + drawing.bucketMs, cell(mids, index), null, null);
    }
    if (untilMs !== null) push(untilMs - 1, cell(mids, last), null, null);
    push(untilMs ?? (cell(series.at_ms, last) ?? 0) + 1, null, null, null);
  }
  return { at, ...columns };
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
  return found === undefined || atMs - found > longestStepThereMs(series.at_ms, low - 1, stepMs) ? null : low - 1;
}

/** Of the samples on either side of a moment the nearer one; of the one before it alone where a gap is behind it. */
export function sampleNear(series: TrendSeries, atMs: number, stepMs: number): number | null {
  const before = columnAt(series, atMs, stepMs);
  if (before === null) return null;
  const beforeMs = series.at_ms[before] ?? 0;
  const afterMs = series.at_ms[before + 1] ?? Number.POSITIVE_INFINITY;
  const isOneLine = afterMs - beforeMs <= longestStepThereMs(series.at_ms, before, stepMs);
  return isOneLine && afterMs - atMs < atMs - beforeMs ? before + 1 : before;
}

/** Since when a state is as in this sample; null when it was so before all that is known. */
export function heldSinceMs(series: TrendSeries, sample: number, stepMs: number): number | null {
  const value = series.last[sample];
  for (let index = sample; index > 0; index -= 1) {
    const stepThereMs = longestStepThereMs(series.at_ms, index - 1, stepMs);
    const isGap = (series.at_ms[index] ?? 0) - (series.at_ms[index - 1] ?? 0) > stepThereMs;
    if (isGap || series.last[index - 1] !== value) return series.at_ms[index] ?? null;
  }
  return null;
}

/** A sample as it came over the live stream; null is a bad one. */
export interface LiveSample {
  readonly atMs: number;
  readonly value: Cell;
}

/** The series with what has come since it was asked for. */
export function extended(series: TrendSeries, samples: readonly LiveSample[]): TrendSeries {
  const fresh = samples.filter(({ atMs }) => atMs > (series.at_ms.at(-1) ?? Number.NEGATIVE_INFINITY));
  if (fresh.length === 0) return series;
  const values = fresh.map(({ value }) => value);
  return {
    ...series,
    at_ms: [...series.at_ms, ...fresh.map(({ atMs }) => atMs)],
    min: [...series.min, ...values],
    max: [...series.max, ...values],
    mean: [...series.mean, ...values],
    last: [...series.last, ...values],
    good_percent: [...series.good_percent, ...values.map((value) => (value === null ? 0 : 100))],
  };
}

/** The series as if it had been that much later. */
export function moved(series: TrendSeries, byMs: number): TrendSeries {
  return { ...series, at_ms: series.at_ms.map((atMs) => atMs + byMs) };
}
