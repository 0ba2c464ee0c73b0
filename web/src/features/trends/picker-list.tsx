import { Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { deviceQuery } from "@/api/queries.ts";
import { Failed } from "@/components/failed.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { matchesQuery } from "@/lib/texts.ts";
import { type PointRef, refText } from "@/lib/trend-link.ts";
import { type ChartPoint, canAdd } from "./chart-points.ts";
import styles from "./trends.module.css";

interface PickerListProps {
  deviceId: number;
  query: string;
  chosen: readonly PointRef[];
  drawn: readonly ChartPoint[];
  onToggle: (ref: PointRef) => void;
}

export function PickerList({ deviceId, query, chosen, drawn, onToggle }: PickerListProps) {
  const { t, text, unit } = useWords();
  const device = useQuery(deviceQuery(deviceId));
  if (device.isError) return <Failed error={device.error} retry={() => void device.refetch()} />;
  if (!device.data) return <Skeletons count={6} height={36} label={t("device.loading")} layout="list" />;

  const picked = new Set(chosen.map(refText));
  const points = device.data.points.filter(
    (point) =>
      point.type !== "string" && matchesQuery(query, text(point.name), point.key, point.unit, unit(point.unit)),
  );
  if (points.length === 0) return <p className={styles.list}>{t("trends.picker_none")}</p>;
  return (
    <ul className={styles.list}>
      {points.map((point) => {
        const ref = { deviceId, key: point.key };
        const isPicked = picked.has(refText(ref));
        return (
          <li key={point.key}>
            <Checkbox
              checked={isPicked}
              description={unit(point.unit) || undefined}
              disabled={!isPicked && !canAdd(drawn, point)}
              label={text(point.name, point.key)}
              onChange={() => onToggle(ref)}
              py={5}
            />
          </li>
        );
      })}
    </ul>
  );
}
