import { Button, Checkbox, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Failed } from "@/components/failed.tsx";
import { Notice } from "@/components/notice.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { MarkAllRead } from "./mark-all-read.tsx";
import { NotificationRow } from "./notification-row.tsx";
import styles from "./notifications.module.css";
import { newest, notificationsQuery, type Wanted } from "./queries.ts";

const STEP = 25;
const MOST = 100;
const SEVERITIES = ["INFO", "WARNING", "ERROR"] as const;
const ANY = "any";

interface FilterProps {
  wanted: Wanted;
  onChange: (change: Partial<Wanted>) => void;
}

function NotificationFilter({ wanted, onChange }: FilterProps) {
  const { t } = useWords();
  return (
    <div className={styles.filter}>
      <Select
        allowDeselect={false}
        data={[ANY, ...SEVERITIES].map((value) => ({
          value,
          label: t(`notifications.${value as typeof ANY | (typeof SEVERITIES)[number]}`),
        }))}
        label={t("notifications.severity")}
        onChange={(next) => onChange({ severity: SEVERITIES.find((one) => one === next) ?? null })}
        value={wanted.severity ?? ANY}
      />
      <Checkbox
        checked={wanted.unreadOnly}
        label={t("notifications.unread_only")}
        onChange={(event) => onChange({ unreadOnly: event.currentTarget.checked })}
      />
      <Checkbox
        checked={wanted.withDismissed}
        label={t("notifications.with_dismissed")}
        onChange={(event) => onChange({ withDismissed: event.currentTarget.checked })}
      />
    </div>
  );
}

function NotificationList({ wanted, onMore }: { wanted: Wanted; onMore: () => void }) {
  const { t } = useWords();
  const found = useQuery(notificationsQuery(wanted));
  if (found.isPending) return <Skeletons count={4} height={72} label={t("notifications.loading")} layout="list" />;
  if (!found.data) return <Failed error={found.error} retry={() => void found.refetch()} />;
  const { notifications, total, has_more } = found.data;
  const isFiltered = wanted.unreadOnly || wanted.severity !== null;
  if (notifications.length === 0 && isFiltered) return <p className={styles.none}>{t("notifications.none_match")}</p>;
  if (notifications.length === 0)
    return <Notice icon="bell" text={t("notifications.none_text")} title={t("notifications.none_title")} />;
  return (
    <>
      <ul aria-label={t("notifications.title")} className={styles.list} data-boxed="true">
        {notifications.map((notification) => (
          <NotificationRow key={notification.id} notification={notification} />
        ))}
      </ul>
      <div className={styles.more}>
        <span>{t("notifications.shown", { shown: notifications.length, total })}</span>
        {has_more && wanted.limit < MOST && (
          <Button loading={found.isFetching} onClick={onMore} variant="default">
            {t("notifications.more")}
          </Button>
        )}
      </div>
    </>
  );
}

/** What this user was told, newest first. */
export function NotificationsPage() {
  const { t } = useWords();
  const [wanted, setWanted] = useState<Wanted>(newest(STEP));
  useHeartbeat();
  const change = (next: Partial<Wanted>) => setWanted((before) => ({ ...before, limit: STEP, ...next }));
  return (
    <SettingsPage action={<MarkAllRead />} title={t("notifications.title")}>
      <NotificationFilter onChange={change} wanted={wanted} />
      <NotificationList onMore={() => change({ limit: MOST })} wanted={wanted} />
    </SettingsPage>
  );
}
