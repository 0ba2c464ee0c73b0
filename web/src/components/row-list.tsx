import type { ReactNode } from "react";
import styles from "./row-list.module.css";

/** Things that were made, one below the other; `none` stands there when there are none. */
export function RowList({ label, none = "", children }: { label: string; none?: string; children: ReactNode[] }) {
  if (children.length === 0) return <p className={styles.nothing}>{none}</p>;
  return (
    <ul aria-label={label} className={styles.list}>
      {children}
    </ul>
  );
}

interface RowProps {
  title: ReactNode;
  facts: readonly (readonly [string, ReactNode])[];
  actions?: ReactNode;
}

export function Row({ title, facts, actions }: RowProps) {
  return (
    <li>
      <div className={styles.facts}>
        <span className={styles.title}>{title}</span>
        {facts.map(([name, value]) => (
          <dl className={styles.fact} key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </dl>
        ))}
      </div>
      {actions && <div className={styles.actions}>{actions}</div>}
    </li>
  );
}
