import { Code } from "@mantine/core";
import type { Backup } from "@/api/types.ts";
import { causeWords } from "@/components/cause-words.ts";
import { Icon } from "@/components/icon.tsx";
import { Row } from "@/components/row-list.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { formatBytes } from "@/lib/bytes.ts";
import styles from "./system.module.css";

const ICONS = { completed: "good", failed: "error", in_progress: "reconnecting" } as const;

function State({ backup }: { backup: Backup }) {
  const { t } = useWords();
  return (
    <span className={styles.state} data-state={backup.status}>
      <Icon name={ICONS[backup.status]} size={15} /> {t(`backups.${backup.status}`)}
    </span>
  );
}

/** Why it failed or what is damaged in it; what the page has no words for, as the program says it. */
function Wrong({ backup, said }: { backup: Backup; said: string }) {
  const told = causeWords(backup.cause, useWords());
  return (
    <p className={styles.error} {...(told === undefined ? { lang: "en" } : { title: said })}>
      {told ?? said}
    </p>
  );
}

/** One backup: when, how it went, and how to put it back. */
export function BackupRow({ backup }: { backup: Backup }) {
  const { t, moment, span, language } = useWords();
  const startedMs = Date.parse(backup.started_at);
  const tookMs = backup.completed_at === null ? null : Date.parse(backup.completed_at) - startedMs;
  const title = [moment(startedMs), backup.description].filter(Boolean).join(" · ");
  const details = (
    <>
      {title}
      {backup.error_message && <Wrong backup={backup} said={backup.error_message} />}
      {backup.restore_command && (
        <details className={styles.restore}>
          <summary>{t("backups.restore")}</summary>
          <Code block>{backup.restore_command}</Code>
        </details>
      )}
      {backup.status === "completed" && !backup.restore_command && (
        <p className={styles.gone}>{t("backups.removed")}</p>
      )}
    </>
  );
  return (
    <Row
      facts={[
        [t("backups.status"), <State backup={backup} key="state" />],
        [t("backups.origin"), t(`backups.${backup.triggered_by}`)],
        [t("backups.size"), backup.status === "completed" ? formatBytes(backup.file_size_bytes, language) : "—"],
        [t("backups.took"), tookMs === null ? "—" : span(Math.max(1, tookMs))],
      ]}
      title={details}
    />
  );
}
