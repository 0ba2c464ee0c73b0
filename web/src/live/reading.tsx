import type { Point } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import { Age } from "./age.tsx";
import type { Standing } from "./freshness.ts";
import type { LiveValue } from "./live-store.ts";
import styles from "./reading.module.css";

const MOST_BITS = 3;

function Bits({ active, all }: { active: readonly string[]; all: boolean }) {
  const { t } = useWords();
  if (active.length === 0) return <span className={styles.none}>{t("value.no_bits")}</span>;
  const shown = all ? active : active.slice(0, MOST_BITS);
  return (
    <ul className={styles.bits}>
      {shown.map((text) => (
        <li key={text}>{text}</li>
      ))}
      {active.length > shown.length && (
        <li className={styles.rest}>{t("value.more_bits", { count: active.length - shown.length })}</li>
      )}
    </ul>
  );
}

interface ValueProps {
  point: Point;
  value: number;
  /** Those of a whole number that `value` only comes near to. */
  digits: string | null;
  all: boolean;
}

function Value({ point, value, digits, all }: ValueProps) {
  const words = useWords().value(point, value);
  switch (words.kind) {
    case "number":
      return (
        <span className={styles.number}>
          {digits ?? words.number}
          {words.unit && <span className={styles.unit}> {words.unit}</span>}
        </span>
      );
    case "label":
      return <span className={styles.label}>{words.label}</span>;
    case "bits":
      return <Bits active={words.active} all={all} />;
    default:
      return words satisfies never;
  }
}

/** The value that was there before it went bad: small, and with its age, so that it is not taken for the present. */
function LastGood({ point, live }: { point: Point; live: LiveValue }) {
  const { t, line, unit } = useWords();
  if (live.lastGoodValue === null || live.lastGoodAtMs === null) return null;
  const exactLine = live.lastGoodText === null ? null : `${live.lastGoodText} ${unit(point.unit)}`.trim();
  return (
    <span className={styles.last}>
      {t("value.last_good", { value: exactLine ?? line(point, live.lastGoodValue) })} ·{" "}
      <Age ago atMs={live.lastGoodAtMs} />
    </span>
  );
}

interface ReadingProps {
  point: Point;
  live: LiveValue | undefined;
  standing: Standing;
  /** Show every active bit, not only the first few. */
  all?: boolean;
}

/** A value in words: never a bare number that could be wrong. */
export function Reading({ point, live, standing, all = false }: ReadingProps) {
  const { t } = useWords();
  if (!live) return <span className={styles.none}>—</span>;
  if (standing === "bad") {
    return (
      <span className={styles.missing}>
        <span className={styles.none}>{t("quality.bad")}</span>
        <LastGood live={live} point={point} />
      </span>
    );
  }
  return (
    <span className={styles.reading} data-standing={standing}>
      {live.value !== null ? (
        <Value all={all} digits={live.text} point={point} value={live.value} />
      ) : (
        live.text !== null && <span className={styles.label}>{live.text}</span>
      )}
    </span>
  );
}
