import { memo } from "react";
import type { Point } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import { SPARK_HEIGHT, SPARK_WIDTH, type Spark } from "./spark.ts";
import styles from "./tile-value.module.css";

/** How a value went lately, as a line; those who cannot see it hear between what it went. */
export const Sparkline = memo(function Sparkline({ spark, point }: { spark: Spark; point: Point }) {
  const { t, line, span } = useWords();
  const words = { span: span(spark.spanMs), low: line(point, spark.low), high: line(point, spark.high) };
  return (
    <svg
      aria-label={t("overview.lately", words)}
      className={styles.spark}
      focusable="false"
      preserveAspectRatio="none"
      role="img"
      viewBox={`0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`}
    >
      <path d={spark.path} vectorEffect="non-scaling-stroke" />
    </svg>
  );
});
