import { useEffect } from "react";
import type { Plot } from "./plot.ts";
import type { Bounds } from "./time-range.ts";

/** Less than this is not seen. */
const LEAST_MOVE_PX = 0.25;
const CALM_MS = 1000;

/** The view moves with the clock, frame by frame, as far as that can be seen; for those who want no motion each second. */
export function useFollow(plot: Plot | null, isOn: boolean, current: () => Bounds, widthPx: number) {
  useEffect(() => {
    if (!plot || !isOn) return;
    const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    let shownMs = 0;
    let frame = 0;
    const step = () => {
      const bounds = current();
      const movedPx = ((bounds.endMs - shownMs) / (bounds.endMs - bounds.startMs)) * widthPx;
      if (Math.abs(movedPx) >= LEAST_MOVE_PX && (!isCalm || Math.abs(bounds.endMs - shownMs) >= CALM_MS)) {
        plot.setView(bounds);
        shownMs = bounds.endMs;
      }
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [plot, isOn, current, widthPx]);
}
