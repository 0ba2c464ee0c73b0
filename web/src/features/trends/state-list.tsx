import { useState } from "react";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import type { StateSpan } from "./device-states.ts";
import styles from "./state-list.module.css";
import type { Bounds } from "./time-range.ts";

const FEW = 5;
const ICONS = { warning: "warning", critical: "critical", silent: "offline" } as const;
/** So much is shown beside a span that is looked at, of its length. */
const SIDE = 0.5;
const LEAST_SIDE_MS = 5000;

function around({ startMs, endMs }: StateSpan): Bounds {
  const sideMs = Math.max(LEAST_SIDE_MS, (endMs - startMs) * SIDE);
  return { startMs: startMs - sideMs, endMs: endMs + sideMs };
}

interface StateListProps {
  spans: readonly StateSpan[];
  zone: string;
  nameOf: (deviceId: number) => string;
  onLook: (bounds: Bounds) => void;
}

/** When devices were not normal in the range, newest first: what the lanes of the chart show, in words. */
export function StateList({ spans, zone, nameOf, onLook }: StateListProps) {
  const { t, period, span: length } = useWords();
  const [isWhole, setWhole] = useState(false);
  if (spans.length === 0) return null;
  const newest = [...spans].sort((one, other) => other.startMs - one.startMs);
  const shown = isWhole ? newest : newest.slice(0, FEW);
  return (
    <section aria-label={t("trends.not_normal")} className={styles.states}>
      <h2>{t("trends.not_normal")}</h2>
      <ul>
        {shown.map((one) => (
          <li data-state={one.state} key={`${one.deviceId} ${one.startMs}`}>
            <Icon name={ICONS[one.state]} size={16} />
            <b>{nameOf(one.deviceId)}</b>
            <span className={styles.word}>{t(`trends.was_${one.state}`)}</span>
            <button onClick={() => onLook(around(one))} type="button">
              {period(one.startMs, one.endMs, zone)}
            </button>
            <span>{length(one.endMs - one.startMs)}</span>
          </li>
        ))}
      </ul>
      {newest.length > FEW && !isWhole && (
        <button onClick={() => setWhole(true)} type="button">
          {t("trends.all_not_normal", { count: newest.length })}
        </button>
      )}
    </section>
  );
}
