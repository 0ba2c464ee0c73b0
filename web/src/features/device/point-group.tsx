import { useId, useRef } from "react";
import type { DeviceDetail } from "@/api/types.ts";
import { useNear } from "@/components/use-near.ts";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./device-points.module.css";
import type { GroupedPoints } from "./groups.ts";
import { PointRow } from "./point-row.tsx";
import { useDayRanges } from "./use-day-ranges.ts";

interface PointGroupProps {
  group: GroupedPoints;
  thresholds: DeviceDetail["thresholds"];
  chosen: readonly string[];
  onToggle: (key: string) => void;
  /** When the day began at the device's site. */
  dayStartMs: number;
}

export function PointGroup({ group, thresholds, chosen, onToggle, dayStartMs }: PointGroupProps) {
  const { t } = useWords();
  const titleId = useId();
  const section = useRef<HTMLElement>(null);
  const days = useDayRanges(group.points, dayStartMs, useNear(section));
  return (
    <section aria-labelledby={titleId} ref={section}>
      <h2 className={styles.groupName} id={titleId}>
        {group.name || t("device.point")}
        <span className={styles.count}>{t("device.points", { count: group.points.length })}</span>
      </h2>
      <table aria-labelledby={titleId} className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("device.point")}</th>
            <th scope="col">{t("device.value")}</th>
            <th scope="col">{t("device.today")}</th>
            <th scope="col">{t("device.quality")}</th>
            <th scope="col">{t("device.age")}</th>
            <th scope="col">{t("device.address")}</th>
            <th scope="col">{t("device.trend")}</th>
          </tr>
        </thead>
        <tbody>
          {group.points.map((point) => (
            <PointRow
              day={days.get(point.id) ?? null}
              isChosen={chosen.includes(point.key)}
              key={point.key}
              limits={thresholds[point.key] ?? null}
              onToggle={onToggle}
              point={point}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}
