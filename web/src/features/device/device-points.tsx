import { useState } from "react";
import { useSearchParams } from "react-router";
import type { DeviceDetail } from "@/api/types.ts";
import { Notice } from "@/components/notice.tsx";
import { SearchField } from "@/components/search-field.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useZone } from "@/i18n/zone-context.ts";
import { useLiveStore } from "@/live/live-context.ts";
import styles from "./device-points.module.css";
import { matchingGroups } from "./groups.ts";
import { PointGroup } from "./point-group.tsx";
import { TrendBar } from "./trend-bar.tsx";
import { dayStartMs } from "./use-day-ranges.ts";

/** All points of the device in the groups of its profile; some can be picked for a trend. */
export function DevicePoints({ device }: { device: DeviceDetail }) {
  const { t, text } = useWords();
  const [params, setParams] = useSearchParams();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const query = params.get("q") ?? "";
  const startMs = dayStartMs(useLiveStore().serverNowMs(), useZone());
  const groups = matchingGroups(device, query, text);
  const toggle = (key: string) =>
    setChosen((keys) => (keys.includes(key) ? keys.filter((one) => one !== key) : [...keys, key]));

  if (device.points.length === 0)
    return <Notice icon="empty" text={t("device.no_points_text")} title={t("device.no_points_title")} />;
  return (
    <div className={styles.points}>
      <div className={styles.search}>
        <SearchField
          clear={t("overview.clear")}
          label={t("device.search")}
          onChange={(next) => setParams(next ? { q: next } : {}, { replace: true })}
          value={query}
        />
      </div>
      {groups.map((group) => (
        <PointGroup
          chosen={chosen}
          dayStartMs={startMs}
          group={group}
          key={group.key}
          onToggle={toggle}
          thresholds={device.thresholds}
        />
      ))}
      {groups.length === 0 && (
        <Notice icon="search" text={t("device.no_match_text")} title={t("device.no_match_title")} />
      )}
      {chosen.length > 0 && <TrendBar deviceId={device.id} keys={chosen} onClear={() => setChosen([])} />}
    </div>
  );
}
