import { useQuery } from "@tanstack/react-query";
import { memo, useId } from "react";
import { Link } from "react-router";
import type { Device, Point } from "@/api/types.ts";
import { kindIcon, kindWord } from "@/components/device-kind.ts";
import { Icon } from "@/components/icon.tsx";
import { StatusChip } from "@/components/status-chip.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useLiveDevice, useLiveStore } from "@/live/live-context.ts";
import styles from "./device-tile.module.css";
import { profilePointsQuery } from "./queries.ts";
import { TileValue } from "./tile-value.tsx";

const MOST_VALUES = 6;

/** Rows of the grid that a tile takes, so that two small tiles fit beside a large one. */
function rowsOf(points: readonly Point[] | undefined, hasError: boolean): number {
  const values = points?.length ?? MOST_VALUES;
  return 1 + Math.max(1, Math.ceil(values / 2)) + (hasError ? 1 : 0);
}

interface TileValuesProps {
  device: Device;
  points: readonly Point[] | undefined;
}

function TileValues({ device, points }: TileValuesProps) {
  const { t } = useWords();
  const live = useLiveDevice(device.id);
  if (points?.length === 0) return <p className={styles.none}>{t("overview.no_key_values")}</p>;
  return (
    <dl className={styles.values}>
      {points?.map((point) => (
        <TileValue key={point.key} point={point} pointId={live?.pointIds.get(point.key)} />
      ))}
    </dl>
  );
}

export const DeviceTile = memo(function DeviceTile({ device }: { device: Device }) {
  const { t, since } = useWords();
  const titleId = useId();
  // The wording comes from the profile, so that a fleet asks once per type, not per device.
  const points = useQuery(profilePointsQuery(device)).data?.slice(0, MOST_VALUES);
  const store = useLiveStore();
  const live = useLiveDevice(device.id);
  const status = live?.status ?? device.status;
  const error = live ? live.error : device.error;
  const sinceMs = store.toLocalMs(live?.statusSinceMs ?? Date.parse(device.status_since));
  return (
    <article
      aria-labelledby={titleId}
      className={styles.tile}
      data-few={points?.length === 1}
      data-status={status}
      style={{ gridRow: `span ${rowsOf(points, error !== null)}` }}
    >
      <header className={styles.header}>
        <span className={styles.kind}>
          <Icon name={kindIcon(device.kind)} size={20} />
        </span>
        <div className={styles.title}>
          <h3 id={titleId}>
            <Link to={`/devices/${device.id}`}>{device.name}</Link>
          </h3>
          <span className={styles.type}>{kindWord(device.kind, t)}</span>
        </div>
        <div className={styles.state}>
          <StatusChip enabled={device.enabled} status={status} />
          <span className={styles.since}>{t("status.since", { time: since(sinceMs, Date.now()) })}</span>
        </div>
      </header>
      {error && <p className={styles.error}>{error}</p>}
      <TileValues device={device} points={points} />
    </article>
  );
});
