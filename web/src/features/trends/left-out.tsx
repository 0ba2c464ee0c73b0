import { useWords } from "@/i18n/use-words.ts";
import { type PointRef, refText } from "@/lib/trend-link.ts";
import { type ChartPoint, MOST_AXES } from "./chart-points.ts";
import styles from "./trends.module.css";

/** Points of the address that are not in the chart, and why: nothing vanishes in silence. */
export function LeftOut({ unknown, leftOut }: { unknown: readonly PointRef[]; leftOut: readonly ChartPoint[] }) {
  const { t, text } = useWords();
  if (unknown.length + leftOut.length === 0) return null;
  const names = leftOut.map(({ deviceName, point }) => `${deviceName} · ${text(point.name, point.key)}`);
  return (
    <div className={styles.leftOut} role="status">
      {unknown.length > 0 && <p>{t("trends.unknown_points", { points: unknown.map(refText).join(", ") })}</p>}
      {names.length > 0 && <p>{t("trends.not_drawn", { units: MOST_AXES, points: names.join(", ") })}</p>}
    </div>
  );
}
