import { useEffect, useRef, useState } from "react";
import type { ChartInput } from "./chart-input.ts";
import { chartOptions, plotInsets } from "./chart-options.ts";
import { axisKeys } from "./chart-points.ts";
import { type Chart, createChart } from "./echarts.ts";
import type { Bounds } from "./time-range.ts";
import styles from "./trend-chart.module.css";
import { useGestures } from "./use-gestures.ts";

interface TrendChartProps {
  input: ChartInput;
  label: string;
  /** A new view, while a gesture goes on; `done` when it ends. */
  onView: (view: Bounds, done: boolean) => void;
}

/** The border to ECharts: it owns the canvas, React gives it options. */
export function TrendChart({ input, label, onView }: TrendChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<Chart | null>(null);

  useEffect(() => {
    if (!frame.current) return;
    const created = createChart(frame.current);
    const resized = new ResizeObserver(() => created.resize());
    resized.observe(frame.current);
    setChart(created);
    return () => {
      resized.disconnect();
      created.dispose();
    };
  }, []);

  useEffect(() => {
    chart?.setOption(chartOptions(input), { notMerge: true, lazyUpdate: true });
  }, [chart, input]);

  const gestures = useGestures(frame, box, {
    view: input.view,
    insets: plotInsets(axisKeys(input.points).length),
    onView,
  });

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is moved and zoomed by keys
    <div aria-label={label} className={styles.chart} role="img" tabIndex={0} {...gestures}>
      <div className={styles.canvas} ref={frame} />
      <div className={styles.box} hidden ref={box} />
    </div>
  );
}
