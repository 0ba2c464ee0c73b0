import type { GroupDetail } from "@/api/types.ts";
import { STATE_ICONS } from "@/components/device-state.ts";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./groups.module.css";

const ALERTS = ["critical", "warning", "offline", "normal"] as const;

/** How many devices of a group are how, the worst first. */
export function AlertSummary({ group }: { group: GroupDetail }) {
  const { t, count } = useWords();
  return (
    <span className={styles.summary}>
      {ALERTS.filter((alert) => group.alert_summary[alert] > 0).map((alert) => (
        <span data-alert={alert} key={alert}>
          <Icon name={STATE_ICONS[alert]} size={15} /> {count(group.alert_summary[alert])} {t(`status.${alert}`)}
        </span>
      ))}
    </span>
  );
}
