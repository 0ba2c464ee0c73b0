import { useId } from "react";
import type { Device } from "@/api/types.ts";
import type { DeviceState } from "@/components/device-state.ts";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./device-section.module.css";
import { DeviceTile } from "./device-tile.tsx";
import { countByState } from "./filter.ts";
import type { Section } from "./sections.ts";
import { StateCounts } from "./state-counts.tsx";

interface DeviceSectionProps {
  section: Section;
  stateOf: (device: Device) => DeviceState;
}

export function DeviceSection({ section, stateOf }: DeviceSectionProps) {
  const { t } = useWords();
  const titleId = useId();
  const { code, name, devices } = section;
  return (
    <section aria-labelledby={titleId}>
      <header className={styles.header}>
        <h2 id={titleId}>
          {code && <span className={styles.code}>{code}</span>} {name}
        </h2>
        <StateCounts
          counts={countByState(devices, stateOf)}
          label={t("overview.devices", { count: devices.length })}
        />
      </header>
      <div className={styles.tiles}>
        {devices.map((device) => (
          <DeviceTile device={device} key={device.id} />
        ))}
      </div>
    </section>
  );
}
