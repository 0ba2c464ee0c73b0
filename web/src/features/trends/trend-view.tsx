import { useComputedColorScheme } from "@mantine/core";
import { useRef } from "react";
import type { DeviceDetail } from "@/api/types.ts";
import { Failed } from "@/components/failed.tsx";
import { Notice } from "@/components/notice.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import type { PointRef } from "@/lib/trend-link.ts";
import { useLiveStore } from "@/live/live-context.ts";
import { type ChartInput, seriesFor } from "./chart-input.ts";
import { type ChartPoint, deviceNames } from "./chart-points.ts";
import { ExportMenu } from "./export-menu.tsx";
import { LookMenu } from "./look-menu.tsx";
import type { Plot } from "./plot.ts";
import { SeriesTable } from "./series-table.tsx";
import { StateList } from "./state-list.tsx";
import { isFollowing } from "./time-range.ts";
import { TrendCaption } from "./trend-caption.tsx";
import { TrendChart } from "./trend-chart.tsx";
import styles from "./trends.module.css";
import { usePastStates } from "./use-past-states.ts";
import { useTrend } from "./use-trend.ts";
import type { TrendUrl } from "./use-trend-url.ts";
import { useView } from "./use-view.ts";
import { useWidth } from "./use-width.ts";
import { ZoomButtons } from "./zoom-buttons.tsx";

interface TrendViewProps {
  devices: ReadonlyMap<number, DeviceDetail>;
  /** Null until it is known what the address names. */
  points: readonly ChartPoint[] | null;
  asked: readonly PointRef[];
  url: TrendUrl;
  zone: string;
}

/** Hears of a chart what others see of it. */
function useChartLabel(points: readonly ChartPoint[], startMs: number, endMs: number, zone: string): string {
  const { t, text, time } = useWords();
  const names = points.map(({ deviceName, point }) => `${deviceName} ${text(point.name, point.key)}`);
  return t("trends.chart", {
    points: names.join(", "),
    from: time(startMs, "full", zone),
    to: time(endMs, "full", zone),
  });
}

function isWithoutSamples({ trend }: ChartInput, { point }: ChartPoint): boolean {
  return (seriesFor(trend, point.id)?.at_ms.length ?? 0) === 0;
}

export function TrendView({ devices, points: known, asked, url, zone }: TrendViewProps) {
  const { t } = useWords();
  const store = useLiveStore();
  const scheme = useComputedColorScheme("light");
  const { ref, widthPx } = useWidth<HTMLDivElement>();
  const plot = useRef<Plot | null>(null);
  const view = useView(url.range, zone, url.setRange, store.serverNowMs);
  const { query, request, figures, look, input } = useTrend(known, url, { asked, zone, scheme, widthPx });
  const points = look.points;
  const spans = usePastStates(devices, { points, request, trend: input ? query.data?.trend : undefined });
  const bounds = view.current();
  const label = useChartLabel(points, bounds.startMs, bounds.endMs, zone);
  // What the address names too much is left out, and the rest asked for again.
  const isFailed = query.isError && known !== null;
  const isEmpty = input && points.every((item) => isWithoutSamples(input, item)) && !query.isPlaceholderData;

  return (
    <div className={styles.view}>
      <section className={styles.card} data-stale={query.isPlaceholderData}>
        <div className={styles.tools}>
          <TrendCaption
            current={view.current}
            isFollowing={isFollowing(url.range)}
            trend={query.data?.trend}
            zone={zone}
          />
          <div className={styles.zoom}>
            <ZoomButtons
              current={view.current}
              onRange={url.setRange}
              onView={view.change}
              range={url.range}
              zone={zone}
            />
            <LookMenu url={url} />
            <ExportMenu current={view.current} look={look} plot={plot} />
          </div>
        </div>
        {isFailed && <Failed error={query.error} retry={() => void query.refetch()} />}
        <div ref={ref}>
          {!input && !isFailed && (
            <Skeletons count={1} height="var(--chart-height)" label={t("trends.loading")} layout="list" />
          )}
          {isEmpty && <Notice icon="empty" text={t("trends.no_data_text")} title={t("trends.no_data_title")} />}
          {input && !isFailed && !isEmpty && (
            <TrendChart
              current={view.current}
              input={input}
              label={label}
              look={look}
              onView={view.change}
              plotRef={plot}
              spans={spans}
              still={view.still}
              widthPx={widthPx}
            />
          )}
        </div>
        <p className={styles.hint}>{t("trends.hint")}</p>
      </section>
      {input && (
        <SeriesTable
          earlier={url.comparison ? figures.earlier : null}
          figures={figures.now}
          onRemove={url.toggle}
          points={points}
          scheme={scheme}
        />
      )}
      <StateList
        nameOf={deviceNames(points)}
        onLook={(wanted) => view.change(wanted, true)}
        spans={spans.filter(({ startMs, endMs }) => startMs < bounds.endMs && endMs > bounds.startMs)}
        zone={zone}
      />
    </div>
  );
}
