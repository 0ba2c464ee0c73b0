import { ActionIcon } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import type { Notification } from "@/api/types.ts";
import { useDeviceZone } from "@/api/use-site-zone.ts";
import { Icon, type IconName } from "@/components/icon.tsx";
import { Wrong } from "@/components/wrong.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { notificationWords } from "./notification-words.ts";
import styles from "./notifications.module.css";
import { dismiss, markRead, refresh } from "./queries.ts";

function iconOf({ type, severity }: Notification): IconName {
  if (type === "DEVICE_RECONNECTED") return "online";
  if (type === "DEVICE_DISCONNECT") return "offline";
  return severity === "ERROR" ? "critical" : "warning";
}

interface NotificationRowProps {
  notification: Notification;
  /** The device was opened. */
  onFollow?: () => void;
}

/** One notification: what, about whom, when; read when it is followed, or by a button. */
export function NotificationRow({ notification, onFollow = () => {} }: NotificationRowProps) {
  const words = useWords();
  const { t, since, moment } = words;
  const queries = useQueryClient();
  const { id, device_id, severity, created_at, read_at, dismissed_at } = notification;
  const zone = useDeviceZone(device_id);
  const { title, text } = notificationWords(notification, words, zone);
  const isNew = read_at === null && dismissed_at === null;
  const change = useMutation({
    mutationFn: (act: (id: number) => Promise<unknown>) => act(id),
    onSettled: () => refresh(queries),
  });
  const follow = () => {
    if (isNew) change.mutate(markRead);
    onFollow();
  };
  const atMs = Date.parse(created_at);
  return (
    <li className={styles.row} data-new={isNew} data-severity={severity}>
      <Icon name={iconOf(notification)} size={18} />
      <div className={styles.words}>
        <span className={styles.title}>
          {device_id === null ? (
            title
          ) : (
            <Link onClick={follow} to={`/devices/${device_id}`}>
              {title}
            </Link>
          )}
          {isNew && <span className={styles.new}>{t("notifications.is_new")}</span>}
        </span>
        <span className={styles.text}>{text}</span>
        <time className={styles.time} dateTime={created_at} title={moment(atMs, zone)}>
          {since(atMs, Date.now(), zone)}
        </time>
        {change.error && <Wrong error={change.error} />}
      </div>
      <div className={styles.actions}>
        {isNew && (
          <ActionIcon
            aria-label={t("notifications.read", { title })}
            color="gray"
            disabled={change.isPending}
            onClick={() => change.mutate(markRead)}
            variant="subtle"
          >
            <Icon name="good" />
          </ActionIcon>
        )}
        {dismissed_at === null && (
          <ActionIcon
            aria-label={t("notifications.dismiss", { title })}
            color="gray"
            disabled={change.isPending}
            onClick={() => change.mutate(dismiss)}
            variant="subtle"
          >
            <Icon name="close" />
          </ActionIcon>
        )}
      </div>
    </li>
  );
}
