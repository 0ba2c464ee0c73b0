import { VisuallyHidden } from "@mantine/core";
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { plotInsets } from "./chart-frame.ts";
import type { ChartInput, ChartLook } from "./chart-input.ts";
import type { StateSpan } from "./device-states.ts";
import { chartInk } from "./palette.ts";
import { createPlot, type Plot } from "./plot.ts";
import { onlyRowsHeightPx } from "./state-rows.ts";
import type { Bounds } from "./time-range.ts";
import { tableOf, tracesOf } from "./traces.ts";
import styles from "./trend-chart.module.css";
import { useCursor } from "./use-cursor.ts";
import { useFollow } from "./use-follow.ts";
import { useGestures } from "./use-gestures.ts";

interface TrendChartProps {
  look: ChartLook;
  input: ChartInput;
  /** When the devices were not normal. */
  spans: readonly StateSpan[];
  label: string;
  widthPx: number;
  /** Null while the view moves with the clock. */
  still: Bounds | null;
  current: () => Bounds;
  /** A new view, while a gesture goes on; `done` when it ends. */
  onView: (view: Bounds, done: boolean) => void;
  /** Where the plot is to be found by those who want a picture of it. */
  plotRef: RefObject<Plot | null>;
}

function useLatest<Value>(value: Value) {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}

/** The border to the chart: it owns the canvas, React gives it a look, a table and a view. */
export function TrendChart(props: TrendChartProps) {
  const { look, input, spans, label, widthPx, still, current, onView, plotRef } = props;
  const frame = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [plot, setPlot] = useState<Plot | null>(null);
  const isRaw = input.trend.bucket_ms === 0;
  const hasEarlier = input.earlier !== null;
  const traces = useMemo(() => tracesOf(look.points, isRaw, hasEarlier), [look, isRaw, hasEarlier]);
  const table = useMemo(() => tableOf(input), [input]);
  const cursor = useCursor(input, table);
  const latest = useLatest({ table, current, spans, onCursor: cursor.show });
  const isNarrow = widthPx < 560;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another width of the same kind only resizes
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const size = { width: element.clientWidth, height: element.clientHeight };
    const { table: first, spans: firstSpans, current: view } = latest.current;
    const onCursor = (atMs: number | null, leftPx: number) => latest.current.onCursor(atMs, leftPx);
    const created = createPlot(element, {
      look,
      traces,
      size,
      view: view(),
      table: first,
      spans: firstSpans,
      onCursor,
    });
    const resized = new ResizeObserver(() => created.setSize(element.clientWidth, element.clientHeight));
    resized.observe(element);
    setPlot(created);
    plotRef.current = created;
    return () => {
      plotRef.current = null;
      resized.disconnect();
      created.destroy();
    };
  }, [look, traces, isNarrow]);

  useEffect(() => {
    plot?.setTable(table);
  }, [plot, table]);
  useEffect(() => {
    if (still) plot?.setView(still);
  }, [plot, still]);
  useEffect(() => plot?.setSpans(spans), [plot, spans]);
  useFollow(plot, still === null, () => latest.current.current(), widthPx);

  const insets = plotInsets(look, widthPx);
  const height = onlyRowsHeightPx(look.points, traces) ?? undefined;
  const gestures = useGestures(frame, box, {
    current,
    insets,
    onView,
    onStep: (direction) => plot?.setCursor(cursor.step(direction, current())),
  });

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is moved and zoomed by keys
    <div aria-label={label} className={styles.chart} role="img" style={{ height }} tabIndex={0} {...gestures}>
      <div className={styles.canvas} ref={frame} style={{ background: chartInk(look.scheme).card }} />
      <div className={styles.box} hidden ref={box} />
      <div aria-hidden className={styles.tooltip} hidden ref={cursor.tooltip} />
      <VisuallyHidden aria-live="polite">{cursor.spoken}</VisuallyHidden>
    </div>
  );
}
