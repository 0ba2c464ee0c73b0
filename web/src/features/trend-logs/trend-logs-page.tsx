import { useQuery } from "@tanstack/react-query";
import { devicesQuery } from "@/api/queries.ts";
import type { TrendLog } from "@/api/types.ts";
import { useReaches } from "@/api/use-session.ts";
import { AddButton } from "@/components/add-button.tsx";
import { Answered } from "@/components/answered.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Notice } from "@/components/notice.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { useEdited } from "@/components/use-edited.ts";
import { Wrong } from "@/components/wrong.tsx";
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
  const known = useQuery(devicesQuery);
  const devices = known.data ?? [];
  const { edited, isOpen, open, close } = useEdited<TrendLog>();
  const add = isAdmin && <AddButton onClick={() => open(null)} words={t("trend_logs.add")} />;
  return (
    <Answered loading={t("trend_logs.loading")} query={logs} title={t("trend_logs.title")}>
      {(found) => (
        <SettingsPage action={add} title={t("trend_logs.title")}>
          {known.error && <Wrong error={known.error} />}
          {found.length === 0 && (
            <Notice icon="trend" text={t("trend_logs.text")} title={t("trend_logs.none_title")} />
          )}
          {found.length > 0 && (
            <>
              <p className={styles.text}>{t("trend_logs.text")}</p>
              <TrendLogList devices={devices} logs={found} onEdit={isAdmin ? open : undefined} />
            </>
          )}
          <Dialog isOpen={isOpen} onClose={close} title={edited ? t("trend_logs.edit_title") : t("trend_logs.add")}>
            <TrendLogForm devices={devices} log={edited} onSaved={close} />
          </Dialog>
        </SettingsPage>
      )}
    </Answered>
  );
}
