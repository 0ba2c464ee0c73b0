import { SPARK_HEIGHT, SPARK_WIDTH } from "./spark-path.ts";
import styles from "./tile-value.module.css";

/** How a value went in the last hour. Decoration: the trend page has it exactly, and in words. */
export function Sparkline({ path }: { path: string }) {
  if (!path) return null;
  return (
    <svg
      aria-hidden="true"
      className={styles.spark}
      focusable="false"
      preserveAspectRatio="none"
      viewBox={`0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`}
    >
      <path d={path} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
