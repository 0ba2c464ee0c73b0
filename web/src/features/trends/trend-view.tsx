import { useComputedColorScheme } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Failed } from "@/components/failed.tsx";
import { Notice } from "@/components/notice.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import type { PointRef } from "@/lib/trend-link.ts";
import { useLiveStore } from "@/live/live-context.ts";
import type { ChartPoint } from "./chart-points.ts";
import { trendQuery } from "./queries.ts";
import { SeriesTable } from "./series-table.tsx";
import type { TimeRange } from "./time-range.ts";
import { TrendCaption } from "./trend-caption.tsx";
import { TrendChart } from "./trend-chart.tsx";
import styles from "./trends.module.css";
import { useView } from "./use-view.ts";
import { ZoomButtons } from "./zoom-buttons.tsx";

/** Widths are asked for in steps, so that a window being resized does not ask a hundred times. */
function bucketsFor(widthPx: number): number {
  return widthPx === 0 ? 0 : Math.min(2000, Math.max(100, Math.ceil(widthPx / 100) * 100));
}

interface TrendViewProps {
  points: readonly ChartPoint[];
  range: TimeRange;
  onRange: (range: TimeRange) => void;
  onRemove: (ref: PointRef) => void;
}

export function TrendView({ points, range, onRange, onRemove }: TrendViewProps) {
  const words = useWords();
  const store = useLiveStore();
  const scheme = useComputedColorScheme("light");
  const { ref, width } = useElementSize<HTMLDivElement>();
  const pointIds = points.map(({ point }) => point.id);
  const query = useQuery(trendQuery({ pointIds, range, buckets: bucketsFor(width) }, store.serverNowMs));
  const { view, change } = useView(range, query.data, onRange, store.serverNowMs);
  const trend = query.data;
  const isEmpty = trend?.series.every((series) => series.at_ms.length === 0) && !query.isPlaceholderData;
  const input = useMemo(
    () => (trend ? { points, trend, view, scheme, words } : null),
    [points, trend, view, scheme, words],
  );
  const names = points
    .map(({ deviceName, point }) => `${deviceName} ${words.text(point.name, point.key)}`)
    .join(", ");
  const label = words.t("trends.chart", {
    points: names,
    from: words.time(view.startMs, "full"),
    to: words.time(view.endMs, "full"),
  });

  return (
    <div className={styles.view}>
      <section className={styles.card} data-stale={query.isPlaceholderData} ref={ref}>
        <div className={styles.tools}>
          <TrendCaption isFollowing={range.kind === "last"} trend={trend} view={view} />
          <ZoomButtons onRange={onRange} onView={change} range={range} view={view} />
        </div>
        {query.isError && <Failed error={query.error} retry={() => void query.refetch()} />}
        {!input && !query.isError && (
          <Skeletons count={1} height={360} label={words.t("trends.loading")} layout="list" />
        )}
        {isEmpty && (
          <Notice icon="empty" text={words.t("trends.no_data_text")} title={words.t("trends.no_data_title")} />
        )}
        {input && !query.isError && !isEmpty && <TrendChart input={input} label={label} onView={change} />}
        <p className={styles.hint}>{words.t("trends.hint")}</p>
      </section>
      {trend && <SeriesTable onRemove={onRemove} points={points} scheme={scheme} trend={trend} />}
    </div>
  );
}
