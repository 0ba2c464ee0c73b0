import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { sitesQuery } from "@/api/queries.ts";
import type { DeviceDetail } from "@/api/types.ts";
import { useReaches } from "@/api/use-session.ts";
import { kindIcon, kindWord } from "@/components/device-kind.ts";
import { stateOf } from "@/components/device-state.ts";
import { Icon } from "@/components/icon.tsx";
import { StatusChip } from "@/components/status-chip.tsx";
import { StatusSince } from "@/components/status-since.tsx";
import { TroubleWords } from "@/components/trouble-words.tsx";
import { warningWords } from "@/components/warning-words.ts";
import { useWords } from "@/i18n/use-words.ts";
import { useZone } from "@/i18n/zone-context.ts";
import { zoneName } from "@/lib/zone.ts";
import { ActiveAlarms } from "@/live/active-alarms.tsx";
import { Age } from "@/live/age.tsx";
import { useLiveDevice, useLiveStore } from "@/live/live-context.ts";
import styles from "./device-header.module.css";

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function LastReading({ readAtMs }: { readAtMs: number | null }) {
  const { t, moment } = useWords();
  const store = useLiveStore();
  if (readAtMs === null) return t("device.never");
  const atMs = store.toLocalMs(readAtMs);
  return (
    <span title={moment(atMs)}>
      <Age ago atMs={atMs} />
    </span>
  );
}

function EditLink({ deviceId }: { deviceId: number }) {
  const { t } = useWords();
  if (!useReaches("admin")) return null;
  return (
    <Button component={Link} size="xs" to={`/devices/${deviceId}/edit`} variant="default">
      {t("form.edit")}
    </Button>
  );
}

/** What is wrong with the device, not with how it is configured: that is said where it is configured. */
const isOfDevice = ({ field }: DeviceDetail["warnings"][number]) => field === "clock";

export function DeviceHeader({ device }: { device: DeviceDetail }) {
  const words = useWords();
  const { t, text, span } = words;
  const store = useLiveStore();
  const live = useLiveDevice(device.id);
  const site = useQuery(sitesQuery).data?.find((one) => one.id === device.site_id);
  const status = live?.status ?? device.status;
  const { error, cause, trouble } = live ?? device;
  const sinceMs = store.toLocalMs(live?.statusSinceMs ?? Date.parse(device.status_since));
  const parsedMs = device.last_reading_at === null ? null : Date.parse(device.last_reading_at);
  return (
    <header className={styles.header}>
      <div className={styles.top}>
        <span className={styles.kind}>
          <Icon name={kindIcon(device.kind)} size={26} />
        </span>
        <div>
          <h1>{device.name}</h1>
          <p className={styles.type}>
            {site && `${site.code} · `}
            {kindWord(device.kind, t)} · {text(device.profile_name, device.profile)}
          </p>
        </div>
        <EditLink deviceId={device.id} />
        <div className={styles.state} data-status={status}>
          <StatusChip enabled={device.enabled} state={stateOf(status, live?.alert)} />
          <span className={styles.since}>
            <StatusSince sinceMs={sinceMs} status={status} />
          </span>
        </div>
      </div>
      {device.description && <p className={styles.description}>{device.description}</p>}
      <ActiveAlarms deviceId={device.id} points={device.points} />
      {error && (
        <p className={styles.error} data-status={status} role="status">
          <Icon name="error" /> <TroubleWords cause={cause} error={error} trouble={trouble} />
        </p>
      )}
      {device.warnings.filter(isOfDevice).map((warning) => (
        <p className={styles.error} key={warning.message} role="status">
          <Icon name="error" /> {warningWords(warning, words)}
        </p>
      ))}
      <dl className={styles.facts}>
        <Fact name={t("device.last_reading")}>
          <LastReading readAtMs={live ? live.readAtMs : parsedMs} />
        </Fact>
        <Fact name={t("device.interval")}>{span(device.interval_s * 1000)}</Fact>
        <Fact name={t("device.unit_id")}>{device.unit_id}</Fact>
        <Fact name={t("device.link")}>
          <span className={styles.address}>{device.link}</span>
        </Fact>
        <Fact name={t("device.profile")}>
          <span className={styles.address}>{device.profile}</span>
        </Fact>
        <Fact name={t("account.zone")}>{zoneName(useZone())}</Fact>
      </dl>
    </header>
  );
}
