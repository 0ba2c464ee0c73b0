import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { chartFrame, type FrameParts } from "./chart-frame.ts";
import type { StateSpan } from "./device-states.ts";
import type { Bounds } from "./time-range.ts";
import type { Table } from "./traces.ts";

export interface PlotParts extends Omit<FrameParts, "spans"> {
  readonly view: Bounds;
  /** When devices were not normal. */
  readonly spans: readonly StateSpan[];
  readonly table: Table;
  /** The moment under the cursor, and where in the plot that is; null when the cursor left. */
  readonly onCursor: (atMs: number | null, leftPx: number) => void;
}

/** A chart in an element; the only place that knows uPlot. What it shows already is not drawn again. */
export function createPlot(element: HTMLElement, { onCursor, view, table, spans, ...parts }: PlotParts) {
  const shown = { startMs: 0, endMs: 0, table, spans };
  const frame = chartFrame({
    ...parts,
    spans: () => shown.spans,
  });
  // A pixel is not as fine as a moment.
  let exactMs: number | null = null;
  const setCursor = (plot: uPlot) => {
    const left = plot.cursor.left ?? -1;
    onCursor(left < 0 ? null : (exactMs ?? plot.posToVal(left, "x")), left);
  };
  const chart = new uPlot({ ...frame, hooks: { ...frame.hooks, setCursor: [setCursor] } }, undefined, element);
  const show = () => chart.setScale("x", { min: shown.startMs, max: shown.endMs });
  const setView = ({ startMs, endMs }: Bounds) => {
    if (shown.startMs === startMs && shown.endMs === endMs) return;
    Object.assign(shown, { startMs, endMs });
    show();
  };
  chart.batch(() => {
    chart.setData(table as uPlot.AlignedData, false);
    setView(view);
  });

  return {
    setView,
    /** New data under the same view. */
    setTable: (next: Table) => {
      if (next === shown.table) return;
      shown.table = next;
      chart.batch(() => {
        chart.setData(next as uPlot.AlignedData, false);
        show();
      });
    },
    setSize: (width: number, height: number) => chart.setSize({ width, height }),
    /** Moves the cursor to a moment; null takes it away. */
    setCursor: (atMs: number | null) => {
      exactMs = atMs;
      const left = atMs === null ? -10 : chart.valToPos(atMs, "x");
      chart.setCursor({ left, top: atMs === null ? -10 : chart.over.clientHeight / 2 });
      exactMs = null;
    },
    setSpans: (next: readonly StateSpan[]) => {
      if (next === shown.spans) return;
      shown.spans = next;
      chart.redraw(false, true);
    },
    canvas: () => chart.ctx.canvas,
    destroy: () => chart.destroy(),
  };
}

export type Plot = ReturnType<typeof createPlot>;
