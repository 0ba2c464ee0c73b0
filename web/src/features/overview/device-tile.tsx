import { useQuery } from "@tanstack/react-query";
import { memo, useId, useRef } from "react";
import { Link } from "react-router";
import type { Device, Point } from "@/api/types.ts";
import { useSiteZone } from "@/api/use-site-zone.ts";
import { kindIcon, kindWord } from "@/components/device-kind.ts";
import { stateOf } from "@/components/device-state.ts";
import { Icon } from "@/components/icon.tsx";
import { StatusChip } from "@/components/status-chip.tsx";
import { StatusSince } from "@/components/status-since.tsx";
import { TroubleWords } from "@/components/trouble-words.tsx";
import { useNear } from "@/components/use-near.ts";
import { useWords } from "@/i18n/use-words.ts";
import { ZoneContext } from "@/i18n/zone-context.ts";
import { ActiveAlarms } from "@/live/active-alarms.tsx";
import { useLiveStanding, useLiveStore } from "@/live/live-context.ts";
import type { LiveDevice } from "@/live/live-device.ts";
import styles from "./device-tile.module.css";
import { profilePointsQuery } from "./queries.ts";
import { TileValues } from "./tile-values.tsx";

const MOST_VALUES = 6;
const MOST_ALARMS = 3;
const FEW_VALUES = 4;
const FEW_ALARMS = 1;
const NONE: readonly Point[] = [];

/** Rows of the grid that a tile takes, so that two small tiles fit beside a large one. */
function rowsOf(values: number, hasError: boolean): number {
  return 1 + Math.max(1, Math.ceil(values / 2)) + (hasError ? 1 : 0);
}

interface DeviceTileProps {
  device: Device;
  /** Whether what it stands in is in view or nearly so. */
  isWithinReach?: boolean;
  /** Stands on a wall: nothing to click. */
  isBare?: boolean;
  /** There is little room: the first values and the worst alarm. */
  isTight?: boolean;
}

/** Since when it is how it is, on the clocks of its site. */
function Since({ device, live }: { device: Device; live: LiveDevice | undefined }) {
  const zone = useSiteZone([device.site_id]);
  const sinceMs = useLiveStore().toLocalMs(live?.statusSinceMs ?? Date.parse(device.status_since));
  return (
    <ZoneContext value={zone}>
      <StatusSince sinceMs={sinceMs} status={live?.status ?? device.status} />
    </ZoneContext>
  );
}

/** A device and its key values; what is far from view has its name and its state alone. */
export const DeviceTile = memo(function DeviceTile({
  device,
  isWithinReach = true,
  isBare = false,
  isTight = false,
}: DeviceTileProps) {
  const { t } = useWords();
  const titleId = useId();
  const place = useRef<HTMLElement>(null);
  const isNear = useNear(place, isWithinReach);
  // The wording comes from the profile, so that a fleet asks once per type, not per device.
  const points = useQuery({ ...profilePointsQuery(device), enabled: isNear, notifyOnChangeProps: ["data"] }).data;
  const shown = points?.shown.slice(0, isTight ? FEW_VALUES : MOST_VALUES);
  const live = useLiveStanding(device.id);
  const status = live?.status ?? device.status;
  const state = stateOf(status, live?.alert);
  const { error, cause, trouble } = live ?? device;
  return (
    <article
      aria-labelledby={titleId}
      className={styles.tile}
      data-tight={isTight}
      data-few={shown?.length === 1}
      data-state={state}
      data-status={status}
      ref={place}
      style={isBare ? {} : { gridRow: `span ${rowsOf(shown?.length ?? MOST_VALUES, error !== null)}` }}
    >
      <header className={styles.header}>
        <span className={styles.kind}>{isNear && <Icon name={kindIcon(device.kind)} size={20} />}</span>
        <div className={styles.title}>
          <h3 id={titleId}>{isBare ? device.name : <Link to={`/devices/${device.id}`}>{device.name}</Link>}</h3>
          {isNear && <span className={styles.type}>{kindWord(device.kind, t)}</span>}
        </div>
        <div className={styles.state}>
          <StatusChip enabled={device.enabled} state={state} />
          <span className={styles.since}>{isNear && <Since device={device} live={live} />}</span>
        </div>
      </header>
      {error && (
        <p className={styles.error}>
          <TroubleWords cause={cause} error={error} trouble={trouble} />
        </p>
      )}
      {isNear && (
        <ActiveAlarms
          deviceId={device.id}
          most={isTight ? FEW_ALARMS : MOST_ALARMS}
          points={points?.alarms ?? NONE}
        />
      )}
      {isNear && <TileValues deviceId={device.id} points={shown} />}
    </article>
  );
});
