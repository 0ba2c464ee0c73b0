import type { Point } from "@/api/types.ts";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./active-alarms.module.css";
import { useActiveAlarms } from "./use-active-alarms.ts";

interface ActiveAlarmsProps {
  deviceId: number;
  points: readonly Point[];
  /** The most that are shown; the others are counted. */
  most?: number;
}

/** The alarms that a device itself reports now, by name; nothing while there are none. */
export function ActiveAlarms({ deviceId, points, most = 50 }: ActiveAlarmsProps) {
  const { t } = useWords();
  const alarms = useActiveAlarms(deviceId, points);
  if (alarms.length === 0) return null;
  return (
    <ul aria-label={t("alarms.active")} className={styles.alarms}>
      {alarms.slice(0, most).map(({ key, group, word, isCritical }) => (
        <li data-critical={isCritical} key={key}>
          <Icon name={isCritical ? "critical" : "warning"} size={15} />
          <span>
            {word}
            {group && <small> {group}</small>}
          </span>
        </li>
      ))}
      {alarms.length > most && (
        <li className={styles.rest}>{t("value.more_bits", { count: alarms.length - most })}</li>
      )}
    </ul>
  );
}
