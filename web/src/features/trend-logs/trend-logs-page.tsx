import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { devicesQuery } from "@/api/queries.ts";
import type { TrendLog } from "@/api/types.ts";
import { useReaches } from "@/api/use-session.ts";
import { Failed } from "@/components/failed.tsx";
import { Icon } from "@/components/icon.tsx";
import { Notice } from "@/components/notice.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { trendLogsQuery } from "./queries.ts";
import { TrendLogForm } from "./trend-log-form.tsx";
import { TrendLogList } from "./trend-log-list.tsx";
import styles from "./trend-logs.module.css";

/** Recording rules beside the profile's: everybody sees them, admins make, change and delete them. */
export function TrendLogsPage() {
  const { t } = useWords();
  const isAdmin = useReaches("admin");
  useHeartbeat();
  const logs = useQuery(trendLogsQuery);
  const devices = useQuery(devicesQuery).data ?? [];
  const [edited, setEdited] = useState<TrendLog | null>(null);
  const [isOpen, setOpen] = useState(false);
  if (logs.isPending) return <Skeletons count={3} height={64} label={t("trend_logs.loading")} layout="list" />;
  if (!logs.data) return <Failed error={logs.error} retry={() => void logs.refetch()} />;
  const open = (log: TrendLog | null) => {
    setEdited(log);
    setOpen(true);
  };
  const close = () => setOpen(false);
  const add = isAdmin && (
    <Button leftSection={<Icon name="plus" />} onClick={() => open(null)}>
      {t("trend_logs.add")}
    </Button>
  );
  return (
    <SettingsPage action={add} title={t("trend_logs.title")}>
      {logs.data.length === 0 && (
        <Notice icon="trend" text={t("trend_logs.text")} title={t("trend_logs.none_title")} />
      )}
      {logs.data.length > 0 && (
        <>
          <p className={styles.text}>{t("trend_logs.text")}</p>
          <TrendLogList devices={devices} logs={logs.data} onEdit={isAdmin ? open : undefined} />
        </>
      )}
      <Modal
        closeButtonProps={{ "aria-label": t("form.close") }}
        onClose={close}
        opened={isOpen}
        title={edited ? t("trend_logs.edit_title") : t("trend_logs.add")}
      >
        <TrendLogForm devices={devices} log={edited} onSaved={close} />
      </Modal>
    </SettingsPage>
  );
}
