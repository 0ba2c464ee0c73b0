import { useId } from "react";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./device-points.module.css";
import type { GroupedPoints } from "./groups.ts";
import { PointRow } from "./point-row.tsx";

interface PointGroupProps {
  group: GroupedPoints;
  chosen: readonly string[];
  onToggle: (key: string) => void;
}

export function PointGroup({ group, chosen, onToggle }: PointGroupProps) {
  const { t } = useWords();
  const titleId = useId();
  return (
    <section aria-labelledby={titleId}>
      <h2 className={styles.groupName} id={titleId}>
        {group.name || t("device.point")}
        <span className={styles.count}>{t("device.points", { count: group.points.length })}</span>
      </h2>
      <table aria-labelledby={titleId} className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("device.point")}</th>
            <th scope="col">{t("device.value")}</th>
            <th scope="col">{t("device.quality")}</th>
            <th scope="col">{t("device.age")}</th>
            <th scope="col">{t("device.address")}</th>
            <th scope="col">{t("device.trend")}</th>
          </tr>
        </thead>
        <tbody>
          {group.points.map((point) => (
            <PointRow isChosen={chosen.includes(point.key)} key={point.key} onToggle={onToggle} point={point} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
