import { useCallback, useEffect, useRef, useState } from "react";
import { type Bounds, boundsOf, isFollowing, limited, rangeToUrl, settled, type TimeRange } from "./time-range.ts";

const QUIET_MS = 250;
const LONGEST_PENDING_MS = 1000;

/**
 * What the chart shows: the range of the address, or the view of a gesture that still goes on.
 *
 * A gesture moves the chart at once over the data it has; a moment after it ends, the address follows, and with it
 * the finer data. `still` is null while the right end is now: then `current` tells where the view is.
 */
export function useView(range: TimeRange, zone: string, onRange: (range: TimeRange) => void, nowMs: () => number) {
  const base = `${rangeToUrl(range)} ${zone}`;
  const [pending, setPending] = useState<Bounds | null>(null);
  const [seenBase, setSeenBase] = useState(base);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // When the address has moved on, by this gesture or by the back button, a pending view is history.
  if (seenBase !== base) {
    setSeenBase(base);
    setPending(null);
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: a gesture that began in one range must not end in another
  useEffect(() => () => clearTimeout(timer.current), [base]);

  const change = useCallback(
    (wanted: Bounds, done: boolean) => {
      setPending(limited(wanted, nowMs()));
      const bounds = settled(wanted, nowMs());
      clearTimeout(timer.current);
      const settle = () => {
        onRange({ kind: "between", bounds });
        // Where the address was the same before, nothing else would end the gesture.
        timer.current = setTimeout(() => setPending(null), LONGEST_PENDING_MS);
      };
      timer.current = setTimeout(settle, done ? 0 : QUIET_MS);
    },
    [nowMs, onRange],
  );
  const still = pending ?? (isFollowing(range) ? null : boundsOf(range, nowMs(), zone));
  const current = () => still ?? boundsOf(range, nowMs(), zone);
  return { still, current, change };
}
