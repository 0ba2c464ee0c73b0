import { memo } from "react";
import type { Point } from "@/api/types.ts";
import { AlertMark } from "@/components/alert-mark.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { Age } from "@/live/age.tsx";
import { useLiveValue } from "@/live/live-context.ts";
import { QualityMark } from "@/live/quality-mark.tsx";
import { Reading } from "@/live/reading.tsx";
import { useStanding } from "@/live/use-standing.ts";
import type { Spark } from "./spark.ts";
import { Sparkline } from "./sparkline.tsx";
import styles from "./tile-value.module.css";

const NO_POINT = -1;

interface TileValueProps {
  point: Point;
  /** The point of this very device; unknown until the stream names it. */
  pointId: number | undefined;
  /** How it went lately. */
  spark: Spark | undefined;
}

/** Drawn again when its own value changes, not when the tile is. */
export const TileValue = memo(function TileValue({ point, pointId = NO_POINT, spark }: TileValueProps) {
  const { text } = useWords();
  const live = useLiveValue(pointId);
  const standing = useStanding(live);
  return (
    <div className={styles.cell} data-alert={live?.alert ?? "normal"}>
      <dt className={styles.name}>{text(point.name, point.key)}</dt>
      <dd>
        <div className={styles.value}>
          <AlertMark alert={live?.alert ?? null} />
          <Reading live={live} point={point} standing={standing} />
        </div>
        <div className={styles.meta} data-standing={standing}>
          <QualityMark compact live={live} standing={standing} />
          {live && live.atMs !== null && standing !== "bad" && (
            <span className={styles.age}>
              <Age atMs={live.atMs} />
            </span>
          )}
          {standing !== "bad" && spark && <Sparkline point={point} spark={spark} />}
        </div>
      </dd>
    </div>
  );
});
