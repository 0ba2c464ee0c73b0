import { type ReactNode, useId } from "react";
import styles from "./panel.module.css";

interface PanelProps {
  title: string;
  text?: string;
  /** What stands beside the title: a button, as a rule. */
  action?: ReactNode;
  children: ReactNode;
}

/** One matter on a page of settings: what it is called, what it is for, and what can be done. */
export function Panel({ title, text, action, children }: PanelProps) {
  const titleId = useId();
  return (
    <section aria-labelledby={titleId} className={styles.panel}>
      <header className={styles.head}>
        <div>
          <h2 id={titleId}>{title}</h2>
          {text && <p>{text}</p>}
        </div>
        {action}
      </header>
      {children}
    </section>
  );
}
