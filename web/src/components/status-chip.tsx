import { useWords } from "@/i18n/use-words.ts";
import { type DeviceState, STATE_ICONS } from "./device-state.ts";
import { Icon } from "./icon.tsx";
import styles from "./status-chip.module.css";

/** How a device is, in colour, shape and word. */
export function StatusChip({ state, enabled = true }: { state: DeviceState; enabled?: boolean }) {
  const { t } = useWords();
  return (
    <span className={styles.chip} data-state={enabled ? state : "unknown"}>
      <Icon name={enabled ? STATE_ICONS[state] : "minus"} size={15} />
      {enabled ? t(`status.${state}`) : t("status.disabled")}
    </span>
  );
}
