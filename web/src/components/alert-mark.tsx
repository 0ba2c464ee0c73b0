import { VisuallyHidden } from "@mantine/core";
import type { Alert } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./alert-mark.module.css";
import { Icon } from "./icon.tsx";

/** A sign beside a value that is beyond one of its thresholds; nothing beside the others. */
export function AlertMark({ alert }: { alert: Alert | null }) {
  const { t } = useWords();
  if (alert !== "warning" && alert !== "critical") return null;
  return (
    <span className={styles.mark} data-alert={alert} title={t(`status.${alert}`)}>
      <Icon name={alert} size={17} />
      <VisuallyHidden>{t(`status.${alert}`)}: </VisuallyHidden>
    </span>
  );
}
