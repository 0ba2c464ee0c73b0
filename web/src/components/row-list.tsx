import type { CSSProperties, ReactNode } from "react";
import styles from "./row-list.module.css";

interface RowListProps {
  label: string;
  /** How many facts a row has at most: the rows share their columns. */
  facts: number;
  /** Stands there when there are no rows. */
  none?: string;
  children: ReactNode[];
}

/** Things that were made, one below the other. */
export function RowList({ label, facts, none = "", children }: RowListProps) {
  if (children.length === 0) return <p className={styles.nothing}>{none}</p>;
  return (
    <div className={styles.frame} data-many={facts > 2}>
      <ul aria-label={label} className={styles.list} style={{ "--facts": facts } as CSSProperties}>
        {children}
      </ul>
    </div>
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
        <div className={styles.title}>{title}</div>
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
