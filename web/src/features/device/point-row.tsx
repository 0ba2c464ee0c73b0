import { ActionIcon } from "@mantine/core";
import { memo } from "react";
import type { Point, Thresholds } from "@/api/types.ts";
import { AlertMark } from "@/components/alert-mark.tsx";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { Age } from "@/live/age.tsx";
import { useLiveValue } from "@/live/live-context.ts";
import { QualityMark } from "@/live/quality-mark.tsx";
import { Reading } from "@/live/reading.tsx";
import { useStanding } from "@/live/use-standing.ts";
import styles from "./device-points.module.css";
import type { DayRange } from "./queries.ts";
import { RangeBar } from "./range-bar.tsx";

interface PointRowProps {
  point: Point;
  limits: Thresholds | null;
  /** Null while it is not known, and of points of which it says nothing. */
  day: DayRange | null;
  isChosen: boolean;
  onToggle: (key: string) => void;
}

export const PointRow = memo(function PointRow({ point, limits, day, isChosen, onToggle }: PointRowProps) {
  const { t, text } = useWords();
  const live = useLiveValue(point.id);
  const standing = useStanding(live);
  const name = text(point.name, point.key);
  return (
    <tr>
      <th className={styles.name} scope="row">
        {name}
        <span className={styles.key}>{point.key}</span>
      </th>
      <td className={styles.value}>
        <AlertMark alert={live?.alert ?? null} />
        <Reading all live={live} point={point} standing={standing} />
      </td>
      <td className={styles.today}>
        <RangeBar day={day} limits={limits} point={point} value={standing === "bad" ? null : (live?.value ?? null)} />
      </td>
      <td className={styles.quality}>
        <QualityMark live={live} standing={standing} />
      </td>
      <td className={styles.age}>{live && live.atMs !== null ? <Age atMs={live.atMs} /> : "—"}</td>
      <td className={styles.address}>
        <span className="figures">{point.reference}</span>
        <span className={styles.wire}>
          {t(`device.table.${point.table}`)} {point.address}
        </span>
      </td>
      <td className={styles.action}>
        {point.type === "string" ? null : (
          <ActionIcon
            aria-label={t(isChosen ? "device.remove" : "device.add", { name })}
            aria-pressed={isChosen}
            onClick={() => onToggle(point.key)}
            size="md"
            variant={isChosen ? "filled" : "subtle"}
          >
            <Icon name={isChosen ? "good" : "trend"} size={17} />
          </ActionIcon>
        )}
      </td>
    </tr>
  );
});
