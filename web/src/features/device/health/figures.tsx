import type { ReactNode } from "react";
import styles from "./health.module.css";

export type FigureTone = "plain" | "bad";

export interface FigureFact {
  readonly name: string;
  readonly value: ReactNode;
  /** Worth a look; the sign beside it says so, too. */
  readonly tone?: FigureTone;
}

/** Some figures beside each other. */
export function Figures({ facts }: { facts: readonly FigureFact[] }) {
  return (
    <dl className={styles.figures}>
      {facts.map(({ name, value, tone = "plain" }) => (
        <div data-tone={tone} key={name}>
          <dt>{name}</dt>
          <dd>
            {tone === "bad" && <span aria-hidden="true">▲ </span>}
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
