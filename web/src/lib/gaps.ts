/** What a column says; null when all that was recorded of it was bad. */
export type Cell = number | null;

/** A run of columns without a gap, the last one with it. */
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

/** So many distances on either side of one tell how often the point was recorded then; it takes three to tell. */
const BESIDE = 4;
const LEAST_BESIDE = 3;

/**
 * How long after a column the next may come and still be of one line: what the server says of the present, or three
 * samples missed at the pace that the point had around there, when it was recorded less often.
 *
 * `times`: when each column begins, in milliseconds.
 */
export function longestStepThereMs(times: readonly number[], index: number, stepMs: number): number {
  const first = Math.max(0, index - BESIDE);
  const distances = times
    .slice(first, index + 2 + BESIDE)
    .flatMap((atMs, place, near) =>
      place === 0 || first + place === index + 1 ? [] : [atMs - (near[place - 1] ?? 0)],
    )
    .sort((one, other) => one - other);
  const middle = distances.length < LEAST_BESIDE ? 0 : (distances[distances.length >> 1] ?? 0);
  return Math.max(stepMs, 3 * middle);
}

function isGapBefore(times: readonly number[], index: number, stepMs: number): boolean {
  const distanceMs = (times[index] ?? 0) - (times[index - 1] ?? 0);
  return distanceMs > stepMs && distanceMs > longestStepThereMs(times, index - 1, stepMs);
}

/** The runs of a series: broken where samples are missing, and where all of them were bad. */
export function runsOf(times: readonly number[], cells: readonly Cell[], stepMs: number): Run[] {
  const runs: Run[] = [];
  let first = 0;
  for (let index = 0; index <= times.length; index += 1) {
    const isEnd = index === times.length || cells[index] === null;
    if (index > first && (isEnd || isGapBefore(times, index, stepMs))) {
      runs.push({ first, last: index - 1 });
      first = index;
    }
    if (isEnd) first = index + 1;
  }
  return runs;
}
