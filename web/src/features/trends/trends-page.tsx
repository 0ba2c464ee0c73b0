import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { isNotFound } from "@/api/errors.ts";
import { deviceQuery } from "@/api/queries.ts";
import type { DeviceDetail } from "@/api/types.ts";
import { Failed } from "@/components/failed.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useTitle } from "@/components/use-title.ts";
import { useWords } from "@/i18n/use-words.ts";
import type { PointRef } from "@/lib/trend-link.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { resolve } from "./chart-points.ts";
import { LeftOut } from "./left-out.tsx";
import { NoPoints } from "./no-points.tsx";
import { PointPicker } from "./point-picker.tsx";
import { RangeBar } from "./range-bar.tsx";
import { TrendView } from "./trend-view.tsx";
import styles from "./trends.module.css";
import { useTrendUrl } from "./use-trend-url.ts";

/** The devices that the address names. One that does not exist is left out, not a failure of the page. */
function useDevices(refs: readonly PointRef[]) {
  const ids = [...new Set(refs.map((ref) => ref.deviceId))];
  const queries = useQueries({ queries: ids.map(deviceQuery) });
  const failed = queries.find((query) => query.isError && !query.data && !isNotFound(query.error));
  const found = queries.flatMap((query): [number, DeviceDetail][] =>
    query.data ? [[query.data.id, query.data]] : [],
  );
  return { devices: new Map(found), failed, isPending: queries.some((query) => query.isPending) };
}

export function TrendsPage() {
  const { t } = useWords();
  useTitle(t("trends.title"));
  // The chart asks for itself; the stream tells whether the server is there, and what its clock says.
  useHeartbeat();
  const url = useTrendUrl();
  const [isPicking, setPicking] = useState(false);
  const { devices, failed, isPending } = useDevices(url.refs);
  const { drawn, unknown, leftOut } = resolve(url.refs, devices);
  const pick = () => setPicking(true);

  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <h1>{t("trends.title")}</h1>
        <RangeBar onPick={pick} onRange={url.setRange} range={url.range} />
      </div>
      {!isPending && <LeftOut leftOut={leftOut} unknown={unknown} />}
      {url.refs.length === 0 && <NoPoints onPick={pick} />}
      {failed?.error && <Failed error={failed.error} retry={() => void failed.refetch()} />}
      {isPending && !failed && <Skeletons count={2} height={220} label={t("trends.loading")} layout="list" />}
      {!isPending && drawn.length > 0 && (
        <TrendView onRange={url.setRange} onRemove={url.toggle} points={drawn} range={url.range} />
      )}
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
