import type { TrendSeries } from "@/api/types.ts";

export type Cell = number | null;

/** A run of columns without a gap. */
export interface Run {
  readonly first: number;
  readonly last: number;
}

/** A series as it is drawn: columns of equal length, an empty row wherever the line breaks. */
export interface Curve {
  readonly at: readonly number[];
  readonly mid: readonly Cell[];
  readonly low: readonly Cell[];
  readonly high: readonly Cell[];
}

/**
 * The longest distance between two columns that is still one line: three samples may be missed, no more.
 *
 * `recordedEveryS` is what the server says: the longest time between two samples of the point while all is well.
 */
export function longestStepMs(bucketMs: number, recordedEveryS: number): number {
  return bucketMs + 3000 * recordedEveryS;
}

/** So many distances on either side of one tell how often the point was recorded then; it takes three to tell. */
const BESIDE = 4;
const LEAST_BESIDE = 3;

/**
 * How long after a column the next may come and still be of one line: what the server says of the present, or three
 * samples missed at the pace that the point had around there, when it was recorded less often.
 */
export function longestStepThereMs({ at_ms }: TrendSeries, index: number, stepMs: number): number {
  const first = Math.max(0, index - BESIDE);
  const distances = at_ms
    .slice(first, index + 2 + BESIDE)
    .flatMap((atMs, place, near) =>
      place === 0 || first + place === index + 1 ? [] : [atMs - (near[place - 1] ?? 0)],
    )
    .sort((one, other) => one - other);
  const middle = distances.length < LEAST_BESIDE ? 0 : (distances[distances.length >> 1] ?? 0);
  return Math.max(stepMs, 3 * middle);
}

function breaksBefore(series: TrendSeries, index: number, stepMs: number): boolean {
  const at = series.at_ms[index] ?? 0;
  const before = series.at_ms[index - 1];
  if (before === undefined || series.mean[index - 1] === null) return true;
  return at - before > stepMs && at - before > longestStepThereMs(series, index - 1, stepMs);
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

interface Drawing {
  readonly stepMs: number;
  /** A state is as it was last; a measurement is its mean. */
  readonly isStepped: boolean;
  /** Until when a state holds. */
  readonly endMs: number;
}

/** Until when a state holds after the run: to the next sample or the end of the range, unless it is too old to. */
function heldUntilMs(series: TrendSeries, last: number, { stepMs, isStepped, endMs }: Drawing): number | null {
  const lastMs = series.at_ms[last] ?? 0;
  const untilMs = series.at_ms[last + 1] ?? endMs;
  return isStepped && untilMs > lastMs + 1 && untilMs - lastMs <= longestStepThereMs(series, last, stepMs)
    ? untilMs
    : null;
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
  const cell = (column: readonly Cell[], index: number) => column[index] ?? null;
  const mids = drawing.isStepped ? series.last : series.mean;
  for (const { first, last } of runsOf(series, drawing.stepMs)) {
    for (let index = first; index <= last; index += 1)
      push(series.at_ms[index] ?? 0, cell(mids, index), cell(series.min, index), cell(series.max, index));
    const untilMs = heldUntilMs(series, last, drawing);
    if (untilMs !== null) push(untilMs - 1, cell(mids, last), null, null);
    push(untilMs ?? (series.at_ms[last] ?? 0) + 1, null, null, null);
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
  return found === undefined || atMs - found > longestStepThereMs(series, low - 1, stepMs) ? null : low - 1;
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
