import { DEVICE_STATES, STATE_ICONS } from "@/components/device-state.ts";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import type { Counts } from "./filter.ts";
import styles from "./state-counts.module.css";

/** How many devices are how, the worst first; what none is, is not said. */
export function StateCounts({ counts, label }: { counts: Counts; label: string }) {
  const { t, count } = useWords();
  return (
    <ul aria-label={label} className={styles.counts}>
      {DEVICE_STATES.filter((state) => counts[state] > 0).map((state) => (
        <li data-state={state} key={state}>
          <Icon name={STATE_ICONS[state]} size={15} />
          <span className="figures">{count(counts[state])}</span> {t(`status.${state}`)}
        </li>
      ))}
    </ul>
  );
}
