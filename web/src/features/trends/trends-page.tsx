import { useQueries } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { isNotFound } from "@/api/errors.ts";
import { deviceQuery } from "@/api/queries.ts";
import type { DeviceDetail } from "@/api/types.ts";
import { useUser } from "@/api/use-session.ts";
import { useSiteZone } from "@/api/use-site-zone.ts";
import { Failed } from "@/components/failed.tsx";
import { useTitle } from "@/components/use-title.ts";
import { useWords } from "@/i18n/use-words.ts";
import type { PointRef } from "@/lib/trend-link.ts";
import { HEARTBEAT_PATH, useLiveStream } from "@/live/live-context.ts";
import { askedAhead, type ChartPoint, resolve } from "./chart-points.ts";
import { LeftOut } from "./left-out.tsx";
import { NoPoints } from "./no-points.tsx";
import { PointPicker } from "./point-picker.tsx";
import { RangeBar } from "./range-bar.tsx";
import { RecentList } from "./recent-list.tsx";
import { noteTrend } from "./recent-trends.ts";
import { isFollowing, rangeToUrl } from "./time-range.ts";
import { TrendView } from "./trend-view.tsx";
import styles from "./trends.module.css";
import { useCurvesAhead } from "./use-curves-ahead.ts";
import { type TrendUrl, useTrendUrl } from "./use-trend-url.ts";

const NONE: readonly PointRef[] = [];

/** The devices that the address names. One that does not exist is left out, not a failure of the page. */
function useDevices(refs: readonly PointRef[]) {
  const ids = [...new Set(refs.map((ref) => ref.deviceId))];
  const queries = useQueries({ queries: ids.map(deviceQuery) });
  const failed = queries.find((query) => query.isError && !query.data && !isNotFound(query.error));
  const found = queries.flatMap((query): DeviceDetail[] => (query.data ? [query.data] : []));
  const version = queries.map((query) => `${query.data?.id}:${query.dataUpdatedAt}`).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when the devices are others
  const devices = useMemo(() => new Map(found.map((device) => [device.id, device])), [version]);
  // Of a device that could not be asked for nothing is known: its points are not missing.
  const unasked = new Set(
    ids.filter((_, index) => queries[index]?.data === undefined && !isNotFound(queries[index]?.error)),
  );
  return { devices, failed, unasked, isPending: queries.some((query) => query.isPending) };
}

/** The values of the drawn devices while the chart follows them; else only whether the server is there. */
function useTrendStream(url: TrendUrl, deviceIds: readonly number[]) {
  const isLive = isFollowing(url.range) && deviceIds.length > 0;
  const query = deviceIds.map((id) => `device_id=${id}`).join("&");
  useLiveStream(isLive ? `/api/devices/stream?${query}&values=all` : HEARTBEAT_PATH, isLive ? 1 : 5);
}

/** Keeps what is drawn among the recent trends of this browser. */
function useNoted(drawn: readonly ChartPoint[], url: TrendUrl) {
  const userId = useUser()?.user_id;
  const range = rangeToUrl(url.range);
  useEffect(() => {
    if (userId !== undefined && drawn.length > 0) noteTrend(userId, drawn, range);
  }, [userId, drawn, range]);
}

export function TrendsPage() {
  const { t } = useWords();
  useTitle(t("trends.title"));
  const url = useTrendUrl();
  const [isPicking, setPicking] = useState(false);
  const { devices, failed, unasked, isPending } = useDevices(url.refs);
  useTrendStream(url, [...devices.keys()]);
  const { drawn, unknown, leftOut, asked } = useMemo(() => resolve(url.refs, devices), [url.refs, devices]);
  useNoted(drawn, url);
  const zone = useSiteZone(drawn.map((item) => item.siteId));
  const pick = () => setPicking(true);
  // Days are those of the site's zone, which comes with the devices.
  const ahead = url.range.kind === "calendar" ? NONE : askedAhead(url.refs);
  const chart = { known: isPending ? null : drawn, asked: isPending ? ahead : asked, zone };
  useCurvesAhead(url, chart);
  const hasChart = isPending ? !failed : drawn.length > 0;
  const hasNothing = url.refs.length === 0 || (!isPending && !failed && drawn.length === 0);

  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <h1>{t("trends.title")}</h1>
        <RangeBar onPick={pick} onRange={url.setRange} range={url.range} zone={zone} />
      </div>
      {!isPending && <LeftOut leftOut={leftOut} unknown={unknown.filter(({ deviceId }) => !unasked.has(deviceId))} />}
      {hasNothing && (
        <>
          <NoPoints onPick={pick} />
          <RecentList />
        </>
      )}
      {failed?.error && <Failed error={failed.error} retry={() => void failed.refetch()} />}
      {hasChart && <TrendView asked={chart.asked} devices={devices} points={chart.known} url={url} zone={zone} />}
      <PointPicker
        chosen={url.refs}
        drawn={drawn}
        isOpen={isPicking}
        onClose={() => setPicking(false)}
        onToggle={url.toggle}
      />
    </div>
  );
}
