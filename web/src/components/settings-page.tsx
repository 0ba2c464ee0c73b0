import type { ReactNode } from "react";
import styles from "./settings-page.module.css";
import { useTitle } from "./use-title.ts";

interface SettingsPageProps {
  title: string;
  action?: ReactNode;
  children: ReactNode;
}

/** A page of things to set: narrow enough to read, one matter below the other. */
export function SettingsPage({ title, action, children }: SettingsPageProps) {
  useTitle(title);
  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <h1>{title}</h1>
        {action}
      </div>
      {children}
    </div>
  );
}
