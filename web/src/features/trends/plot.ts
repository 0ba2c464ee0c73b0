import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { chartFrame, type FrameParts } from "./chart-frame.ts";
import type { Bounds } from "./time-range.ts";
import type { Table } from "./traces.ts";

export interface PlotParts extends FrameParts {
  readonly view: Bounds;
  readonly table: Table;
  /** The moment under the cursor, and where in the plot that is; null when the cursor left. */
  readonly onCursor: (atMs: number | null, leftPx: number) => void;
}

/** A chart in an element; the only place that knows uPlot. */
export function createPlot(element: HTMLElement, { onCursor, view, table, ...parts }: PlotParts) {
  const frame = chartFrame({ ...parts, stepped: uPlot.paths.stepped?.({ align: 1 }) });
  const setCursor = (plot: uPlot) => {
    const left = plot.cursor.left ?? -1;
    onCursor(left < 0 ? null : plot.posToVal(left, "x"), left);
  };
  const chart = new uPlot({ ...frame, hooks: { ...frame.hooks, setCursor: [setCursor] } }, undefined, element);
  const shown = { startMs: 0, endMs: 0 };
  const setView = ({ startMs, endMs }: Bounds) => {
    Object.assign(shown, { startMs, endMs });
    chart.setScale("x", { min: startMs, max: endMs });
  };
  chart.batch(() => {
    chart.setData(table as uPlot.AlignedData, false);
    setView(view);
  });

  return {
    setView,
    /** New data under the same view. */
    setTable: (next: Table) =>
      chart.batch(() => {
        chart.setData(next as uPlot.AlignedData, false);
        setView({ ...shown });
      }),
    setSize: (width: number, height: number) => chart.setSize({ width, height }),
    /** Moves the cursor to a moment; null takes it away. */
    setCursor: (atMs: number | null) =>
      chart.setCursor(
        atMs === null
          ? { left: -10, top: -10 }
          : { left: chart.valToPos(atMs, "x"), top: chart.over.clientHeight / 2 },
      ),
    /** What the chart is drawn with beside its table has changed. */
    redraw: () => chart.redraw(false, true),
    canvas: () => chart.ctx.canvas,
    destroy: () => chart.destroy(),
  };
}

export type Plot = ReturnType<typeof createPlot>;
