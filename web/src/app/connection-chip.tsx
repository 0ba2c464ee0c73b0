import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useConnection, useIsSilent, useNow } from "@/live/live-context.ts";
import styles from "./connection-chip.module.css";
import { CONNECTION_ICONS, connectionWord } from "./connection-words.ts";

/** How long the stream has been silent. Hidden from screen readers, which would say every second of it. */
function Outage({ sinceMs }: { sinceMs: number }) {
  const { age } = useWords();
  return (
    <span aria-hidden="true" className={`figures ${styles.outage}`}>
      {age(useNow() - sinceMs)}
    </span>
  );
}

export function ConnectionChip() {
  const { t } = useWords();
  const { state, sinceMs } = useConnection();
  const isBroken = useIsSilent();
  return (
    <span aria-label={t("connection.label")} className={styles.chip} data-state={state} role="status">
      <Icon name={CONNECTION_ICONS[state]} size={17} />
      <span className={styles.word}>{connectionWord(state, t)}</span>
      {isBroken && <Outage sinceMs={sinceMs} />}
    </span>
  );
}
