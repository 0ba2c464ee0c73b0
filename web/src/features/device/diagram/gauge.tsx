import type { Point, Thresholds } from "@/api/types.ts";
import { AlertMark } from "@/components/alert-mark.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { Age } from "@/live/age.tsx";
import { useLiveValue } from "@/live/live-context.ts";
import { Reading } from "@/live/reading.tsx";
import { useStanding } from "@/live/use-standing.ts";
import { type RangeScale, rangeScale } from "../range-scale.ts";
import styles from "./diagram.module.css";

/** The arc goes from lower left over the top to lower right. */
const TURN = (240 / 360) * 2 * Math.PI;
const START = Math.PI / 2 + (2 * Math.PI - TURN) / 2;
const R = 42;
const CENTRE = { x: 50, y: 50 };

function at(fraction: number, r: number) {
  const angle = START + TURN * fraction;
  return `${(CENTRE.x + r * Math.cos(angle)).toFixed(2)} ${(CENTRE.y + r * Math.sin(angle)).toFixed(2)}`;
}

export function arc(from: number, to: number, r = R): string {
  const large = (to - from) * TURN > Math.PI ? 1 : 0;
  return `M${at(from, r)}A${r} ${r} 0 ${large} 1 ${at(to, r)}`;
}

interface GaugeProps {
  point: Point;
  limits: Thresholds | null;
}

/** From zero to the value, to either side; nothing while they are the same. */
function level({ value, zero }: RangeScale): string | null {
  if (value === null || value === zero) return null;
  return arc(Math.min(zero, value), Math.max(zero, value));
}

/** A value on an arc between its limits; the figure below it says the same. */
export function Gauge({ point, limits }: GaugeProps) {
  const { text } = useWords();
  const live = useLiveValue(point.id);
  const standing = useStanding(live);
  const value = standing === "good" || standing === "uncertain" ? (live?.value ?? null) : null;
  const scale = rangeScale(point, limits, null, value);
  const filled = scale && level(scale);
  return (
    <li className={styles.gauge}>
      <svg aria-hidden="true" viewBox="0 0 100 82">
        <path className={styles.track} d={arc(0, 1)} />
        {scale?.zones.map(({ from, to, severity }) => (
          <path
            className={styles.zone}
            d={arc(from, to, R + 5)}
            data-severity={severity}
            key={`${severity} ${from}`}
          />
        ))}
        {filled && <path className={styles.level} d={filled} data-alert={live?.alert ?? "normal"} />}
      </svg>
      <span className={styles.gaugeValue}>
        <AlertMark alert={live?.alert ?? null} />
        <Reading live={live} point={point} standing={standing} />
      </span>
      {standing === "stale" && live?.atMs && (
        <span className={styles.gaugeName}>
          <Age ago atMs={live.atMs} />
        </span>
      )}
      <span className={styles.gaugeName}>{text(point.name, point.key)}</span>
    </li>
  );
}
