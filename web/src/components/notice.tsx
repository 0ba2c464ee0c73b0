import type { ReactNode } from "react";
import { Icon, type IconName } from "./icon.tsx";
import styles from "./notice.module.css";

interface NoticeProps {
  icon: IconName;
  title: string;
  text: string;
  tone?: "plain" | "error";
  children?: ReactNode;
}

/** What stands where the data would: nothing here yet, not found, or failed; with what to do about it. */
export function Notice({ icon, title, text, tone = "plain", children }: NoticeProps) {
  return (
    <section aria-live="polite" className={styles.notice} data-tone={tone}>
      <Icon name={icon} size={36} />
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </section>
  );
}
