import type { DeviceStatus } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import { Icon } from "./icon.tsx";
import styles from "./status-chip.module.css";

/** A status in colour, shape and word. */
export function StatusChip({ status, enabled = true }: { status: DeviceStatus; enabled?: boolean }) {
  const { t } = useWords();
  return (
    <span className={styles.chip} data-status={enabled ? status : "unknown"}>
      <Icon name={enabled ? status : "minus"} size={15} />
      {enabled ? t(`status.${status}`) : t("status.disabled")}
    </span>
  );
}
