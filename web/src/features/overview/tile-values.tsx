import type { Point } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import { useLiveStanding } from "@/live/live-context.ts";
import styles from "./device-tile.module.css";
import { TileValue } from "./tile-value.tsx";
import { useSparks } from "./use-sparks.ts";

const NONE: readonly Point[] = [];

interface TileValuesProps {
  deviceId: number;
  /** Undefined until they are known. */
  points: readonly Point[] | undefined;
}

/** The key values of a device, and how each went in the last hour. */
export function TileValues({ deviceId, points }: TileValuesProps) {
  const { t } = useWords();
  const live = useLiveStanding(deviceId);
  const sparks = useSparks(points ?? NONE, live?.pointIds);
  if (points?.length === 0) return <p className={styles.none}>{t("overview.no_key_values")}</p>;
  return (
    <dl className={styles.values}>
      {points?.map((point) => {
        const id = live?.pointIds.get(point.key);
        return <TileValue key={point.key} point={point} pointId={id} spark={sparks.get(id ?? -1)} />;
      })}
    </dl>
  );
}
