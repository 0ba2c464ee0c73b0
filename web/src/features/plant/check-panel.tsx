import type { Check } from "@/api/types.ts";
import { Icon } from "@/components/icon.tsx";
import { Panel } from "@/components/panel.tsx";
import { warningWords } from "@/components/warning-words.ts";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./plant.module.css";

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** What would come of a device as it is typed: how long a cycle takes, and what stands in the way. */
export function CheckPanel({ check }: { check: Check }) {
  const words = useWords();
  const { t, span, count, number } = words;
  const { cycle, warnings } = check;
  const isDoubtful = warnings.length > 0;
  const time = (seconds: number) => span(Math.max(1, Math.round(1000 * seconds)));
  return (
    <div role="status">
      <Panel title={t("wizard.check_title")}>
        <p className={styles.verdict} data-doubtful={isDoubtful}>
          <Icon name={isDoubtful ? "error" : "good"} /> {isDoubtful ? t("wizard.slow") : t("wizard.fine")}
        </p>
        {isDoubtful && (
          <ul className={styles.warnings}>
            {warnings.map((warning) => (
              <li key={warning.field + warning.message}>{warningWords(warning, words)}</li>
            ))}
          </ul>
        )}
        <dl className={styles.facts}>
          <Fact name={t("wizard.requests")} value={count(cycle.requests)} />
          <Fact name={t("wizard.cycle")} value={time(cycle.cycle_s)} />
          <Fact name={t("wizard.longest")} value={time(cycle.longest_s)} />
          <Fact name={t("wizard.silent")} value={time(cycle.silent_s)} />
          <Fact name={t("wizard.share")} value={`${number(100 * cycle.link_share, 0)} %`} />
          <Fact
            name={t("wizard.shortest")}
            value={cycle.shortest_interval_s === null ? t("wizard.no_shortest") : time(cycle.shortest_interval_s)}
          />
        </dl>
        <p className={styles.note}>{t("wizard.not_read")}</p>
      </Panel>
    </div>
  );
}
