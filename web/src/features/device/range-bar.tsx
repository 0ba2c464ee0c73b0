import type { Point, Thresholds } from "@/api/types.ts";
import { useWords, type Words } from "@/i18n/use-words.ts";
import type { DayRange } from "./queries.ts";
import styles from "./range-bar.module.css";
import { type RangeScale, rangeScale } from "./range-scale.ts";

interface RangeBarProps {
  point: Point;
  limits: Thresholds | null;
  day: DayRange | null;
  /** Null while the value is bad or unknown. */
  value: number | null;
}

const WIDTH = 100;
const HEIGHTS = { critical: 3, warning: 3, normal: 3 } as const;

function Scale({ scale }: { scale: RangeScale }) {
  return (
    <svg aria-hidden="true" className={styles.scale} preserveAspectRatio="none" viewBox={`0 0 ${WIDTH} 12`}>
      {scale.zones.map(({ from, to, severity }) => (
        <rect
          data-severity={severity}
          height={HEIGHTS[severity]}
          key={`${severity} ${from}`}
          width={(to - from) * WIDTH}
          x={from * WIDTH}
          y={4.5}
        />
      ))}
      {scale.day && (
        <rect
          className={styles.day}
          height={5}
          width={Math.max(0.6, (scale.day[1] - scale.day[0]) * WIDTH)}
          x={scale.day[0] * WIDTH}
          y={3.5}
        />
      )}
      {scale.value !== null && (
        <rect className={styles.value} height={12} width={1.6} x={scale.value * (WIDTH - 1.6)} y={0} />
      )}
    </svg>
  );
}

const BOUNDS = ["critical_lower", "warning_lower", "warning_upper", "critical_upper"] as const;

/** The limits in words, for those who do not see the bar or ask what it shows. */
function limitWords(point: Point, limits: Thresholds | null, { t, number }: Words): string {
  return BOUNDS.flatMap((bound) => {
    const value = limits?.[bound];
    if (value === null || value === undefined) return [];
    const [severity, side] = bound.split("_") as ["warning" | "critical", "lower" | "upper"];
    return [`${t(`status.${severity}`)} ${side === "upper" ? ">" : "<"} ${number(value, point.decimals)}`];
  }).join(", ");
}

/** How the value lies between its limits, and what it was at least and at most today. */
export function RangeBar({ point, limits, day, value }: RangeBarProps) {
  const words = useWords();
  const { t, number } = words;
  const range = day && { min: Math.min(day.min, value ?? day.min), max: Math.max(day.max, value ?? day.max) };
  const scale = rangeScale(point, limits, range, value);
  const told = limitWords(point, limits, words);
  if (!scale && !range) return null;
  return (
    <span className={styles.range} title={told || undefined}>
      {scale && <Scale scale={scale} />}
      <span className={styles.figures}>
        {range &&
          t("device.range", { low: number(range.min, point.decimals), high: number(range.max, point.decimals) })}
        {told && <span className={styles.told}>{told}</span>}
      </span>
    </span>
  );
}
