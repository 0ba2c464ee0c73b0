import { useDeferredValue, useId, useMemo, useRef } from "react";
import type { Device } from "@/api/types.ts";
import type { DeviceState } from "@/components/device-state.ts";
import { useNear } from "@/components/use-near.ts";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./device-section.module.css";
import { DeviceTile } from "./device-tile.tsx";
import { countByState } from "./filter.ts";
import type { Section } from "./sections.ts";
import { StateCounts } from "./state-counts.tsx";

/** So many tiles fill their rows, be there one to six of them in a row. */
const TILES_AT_ONCE = 60;
const IN_A_ROW = 3;
const TILE_REM = 22.5;

function inParts(devices: readonly Device[]): (readonly Device[])[] {
  const count = Math.ceil(devices.length / TILES_AT_ONCE);
  return Array.from({ length: count }, (_, part) => devices.slice(part * TILES_AT_ONCE, (part + 1) * TILES_AT_ONCE));
}

/** Some of the tiles of a section, out of view all at once. */
function Tiles({ devices }: { devices: readonly Device[] }) {
  const place = useRef<HTMLDivElement>(null);
  const isNear = useNear(place);
  return (
    <div
      className={styles.tiles}
      ref={place}
      style={{ containIntrinsicBlockSize: `auto ${Math.ceil(devices.length / IN_A_ROW) * TILE_REM}rem` }}
    >
      {devices.map((device) => (
        <DeviceTile device={device} isWithinReach={isNear} key={device.id} />
      ))}
    </div>
  );
}

interface DeviceSectionProps {
  section: Section;
  stateOf: (device: Device) => DeviceState;
}

export function DeviceSection({ section, stateOf }: DeviceSectionProps) {
  const { t } = useWords();
  const titleId = useId();
  const { code, name, devices } = section;
  const all = useMemo(() => inParts(devices), [devices]);
  // What comes first is there at once; the rest is drawn piece by piece between frames.
  const parts = useDeferredValue(all, all.slice(0, 1));
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
      {parts.map((part) => (
        <Tiles devices={part} key={part[0]?.id} />
      ))}
    </section>
  );
}
