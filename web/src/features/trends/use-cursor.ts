import { useRef, useState } from "react";
import type { ChartInput } from "./chart-input.ts";
import type { Bounds } from "./time-range.ts";
import { cursorText, tooltipHtml } from "./tooltip.ts";
import type { Table } from "./traces.ts";

const BESIDE_PX = 14;

/** The next time in the table that lies in the view; from its end when the cursor is elsewhere. */
export function stepFrom(
  times: readonly number[],
  atMs: number | null,
  direction: -1 | 1,
  view: Bounds,
): number | null {
  const within = times.filter((time) => time >= view.startMs && time <= view.endMs);
  const isInside = atMs !== null && atMs >= view.startMs && atMs <= view.endMs;
  if (!isInside) return within.at(-1) ?? null;
  const next = direction > 0 ? within.find((time) => time > atMs) : within.findLast((time) => time < atMs);
  return next ?? atMs;
}

/** What the cursor is on: in a box beside it, and in words when it was moved by keys. */
export function useCursor(input: ChartInput, table: Table) {
  const tooltip = useRef<HTMLDivElement>(null);
  const at = useRef<number | null>(null);
  const [spoken, setSpoken] = useState("");

  const show = (atMs: number | null, leftPx: number) => {
    const element = tooltip.current;
    if (!element) return;
    at.current = atMs;
    element.hidden = atMs === null;
    if (atMs === null) return;
    element.innerHTML = tooltipHtml(atMs, input);
    const plot = element.parentElement?.querySelector<HTMLElement>(".u-over");
    const plotLeft = plot?.offsetLeft ?? 0;
    const room = (element.parentElement?.clientWidth ?? 0) - element.offsetWidth - 4;
    const right = plotLeft + leftPx + BESIDE_PX;
    const left = right > room ? plotLeft + leftPx - BESIDE_PX - element.offsetWidth : right;
    element.style.left = `${Math.max(0, Math.min(left, room))}px`;
  };

  /** Where the cursor goes by a key. */
  const step = (direction: -1 | 1, view: Bounds): number | null => {
    const next = stepFrom(table[0], at.current, direction, view);
    if (next !== null) setSpoken(cursorText(next, input));
    return next;
  };

  return { tooltip, show, step, spoken };
}
