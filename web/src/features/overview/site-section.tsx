import { useId } from "react";
import type { Device, DeviceStatus, Site } from "@/api/types.ts";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { DeviceTile } from "./device-tile.tsx";
import { countByStatus, STATUSES } from "./filter.ts";
import styles from "./site-section.module.css";

interface SiteSectionProps {
  site: Site;
  devices: readonly Device[];
  statusOf: (device: Device) => DeviceStatus;
}

export function SiteSection({ site, devices, statusOf }: SiteSectionProps) {
  const { t, count } = useWords();
  const titleId = useId();
  const counts = countByStatus(devices, statusOf);
  // Many sites carry their code in their name already.
  const isNamed = site.name.split(/\s/).includes(site.code);
  return (
    <section aria-labelledby={titleId}>
      <header className={styles.header}>
        <h2 id={titleId}>
          {!isNamed && <span className={styles.code}>{site.code}</span>} {site.name}
        </h2>
        <ul aria-label={t("overview.devices", { count: devices.length })} className={styles.counts}>
          {STATUSES.filter((status) => counts[status] > 0).map((status) => (
            <li data-status={status} key={status}>
              <Icon name={status} size={15} />
              <span className="figures">{count(counts[status])}</span> {t(`status.${status}`)}
            </li>
          ))}
        </ul>
      </header>
      <div className={styles.tiles}>
        {devices.map((device) => (
          <DeviceTile device={device} key={device.id} />
        ))}
      </div>
    </section>
  );
}
