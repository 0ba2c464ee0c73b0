import { useCallback, useEffect, useRef, useState } from "react";
import type { Trend } from "@/api/types.ts";
import { type Bounds, boundsOf, rangeToUrl, settled, type TimeRange } from "./time-range.ts";

const QUIET_MS = 250;

/**
 * What the chart shows: the range of the address, or the view of a gesture that still goes on.
 *
 * A gesture moves the chart at once over the data it has; a moment after it ends, the address follows, and with it
 * the finer data.
 */
export function useView(
  range: TimeRange,
  trend: Trend | undefined,
  onRange: (range: TimeRange) => void,
  nowMs: () => number,
) {
  const base = rangeToUrl(range);
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
      const bounds = settled(wanted, nowMs());
      setPending(bounds);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => onRange({ kind: "between", bounds }), done ? 0 : QUIET_MS);
    },
    [nowMs, onRange],
  );

  if (pending) return { view: pending, change };
  if (range.kind === "between") return { view: range.bounds, change };
  return { view: trend ? followed(range, trend) : boundsOf(range, nowMs()), change };
}

/** The right end is the last answer's, so that the curve and its axis move together. */
function followed(range: TimeRange, trend: Trend): Bounds {
  return boundsOf(range, trend.end_ms);
}
