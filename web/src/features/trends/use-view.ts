import { useCallback, useEffect, useRef, useState } from "react";
import type { Trend } from "@/api/types.ts";
import { type Bounds, boundsOf, rangeToUrl, settled, type TimeRange } from "./time-range.ts";

const QUIET_MS = 250;

interface Pending {
  readonly base: string;
  readonly bounds: Bounds;
}

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
  const [pending, setPending] = useState<Pending | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const change = useCallback(
    (wanted: Bounds, done: boolean) => {
      const bounds = settled(wanted, nowMs());
      setPending({ base, bounds });
      clearTimeout(timer.current);
      timer.current = setTimeout(() => onRange({ kind: "between", bounds }), done ? 0 : QUIET_MS);
    },
    [base, nowMs, onRange],
  );

  // A pending view belongs to the range it began from; when the address has moved on, it is history.
  if (pending?.base === base) return { view: pending.bounds, change };
  if (range.kind === "between") return { view: range.bounds, change };
  return { view: trend ? followed(range, trend) : boundsOf(range, nowMs()), change };
}

/** The right end is the last answer's, so that the curve and its axis move together. */
function followed(range: TimeRange, trend: Trend): Bounds {
  return boundsOf(range, trend.end_ms);
}
