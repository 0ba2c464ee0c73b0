import { ActionIcon, Button, Popover } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { Failed } from "@/components/failed.tsx";
import { Icon } from "@/components/icon.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { MarkAllRead } from "./mark-all-read.tsx";
import { NotificationRow } from "./notification-row.tsx";
import styles from "./notifications.module.css";
import { newest, notificationsQuery, unreadQuery } from "./queries.ts";
import { useNotificationStream } from "./use-notification-stream.ts";

const SHOWN = 8;
const MOST_COUNTED = 99;

function Newest({ onLeave }: { onLeave: () => void }) {
  const { t } = useWords();
  const found = useQuery(notificationsQuery(newest(SHOWN)));
  const data = found.data;
  return (
    <div className={styles.popover}>
      <div className={styles.head}>
        <h2>{t("notifications.title")}</h2>
        <MarkAllRead />
      </div>
      {found.isPending && <Skeletons count={3} height={56} label={t("notifications.loading")} layout="list" />}
      {found.error && !data && <Failed error={found.error} retry={() => void found.refetch()} />}
      {data?.notifications.length === 0 && <p className={styles.none}>{t("notifications.none_text")}</p>}
      <ul className={styles.list}>
        {data?.notifications.map((notification) => (
          <NotificationRow key={notification.id} notification={notification} onFollow={onLeave} />
        ))}
      </ul>
      <Button component={Link} fullWidth onClick={onLeave} to="/notifications" variant="default">
        {t("notifications.all")}
      </Button>
    </div>
  );
}

/** The bell in the header: how many are unread, live, and the newest of them. */
export function NotificationBell() {
  const { t, count } = useWords();
  const [isOpen, setOpen] = useState(false);
  useNotificationStream();
  const unread = useQuery(unreadQuery).data ?? 0;
  const words = t("notifications.unread", { count: unread });
  return (
    <Popover
      hideDetached={false}
      onChange={setOpen}
      opened={isOpen}
      position="bottom-end"
      returnFocus
      shadow="md"
      transitionProps={{ duration: 0 }}
      trapFocus
      width="min(26rem, calc(100vw - 1rem))"
    >
      <Popover.Target>
        <ActionIcon
          aria-label={unread === 0 ? t("notifications.title") : words}
          className={styles.bell}
          color="gray"
          onClick={() => setOpen(!isOpen)}
          size="lg"
          variant="subtle"
        >
          <Icon name="bell" size={20} />
          {unread > 0 && (
            <span aria-hidden="true" className={styles.badge}>
              {unread > MOST_COUNTED ? `${MOST_COUNTED}+` : count(unread)}
            </span>
          )}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Newest onLeave={() => setOpen(false)} />
      </Popover.Dropdown>
      <span aria-live="polite" className={styles.heard}>
        {unread > 0 && words}
      </span>
    </Popover>
  );
}
