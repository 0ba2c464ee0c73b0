import { ActionIcon, VisuallyHidden } from "@mantine/core";
import { Link } from "react-router";
import type { Trend } from "@/api/types.ts";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import type { PointRef } from "@/lib/trend-link.ts";
import { isStepped } from "@/lib/value-words.ts";
import type { ChartPoint } from "./chart-points.ts";
import { type Summary, summary } from "./columns.ts";
import { type Scheme, seriesColor } from "./palette.ts";
import styles from "./series-table.module.css";

const COLUMNS = ["last", "min", "mean", "max"] as const satisfies readonly (keyof Summary)[];
const NOTHING: Summary = { min: null, mean: null, max: null, last: null };

interface SeriesTableProps {
  points: readonly ChartPoint[];
  trend: Trend;
  scheme: Scheme;
  onRemove: (ref: PointRef) => void;
}

function SeriesRow({
  item,
  index,
  trend,
  scheme,
  onRemove,
}: Omit<SeriesTableProps, "points"> & { item: ChartPoint; index: number }) {
  const { t, text, line } = useWords();
  const { point, deviceName, ref } = item;
  const series = trend.series.find((one) => one.point_id === point.id);
  const figures = series ? summary(series) : NOTHING;
  const name = text(point.name, point.key);
  // A mean of states or of bits says nothing.
  const cell = (column: keyof Summary) => {
    const value = isStepped(point) && column !== "last" ? null : figures[column];
    return value === null ? "—" : line(point, value);
  };
  return (
    <tr>
      <th scope="row">
        <span className={styles.number} style={{ background: seriesColor(index, scheme) }}>
          {index + 1}
        </span>
        <span>
          <Link className={styles.device} to={`/devices/${ref.deviceId}`}>
            {deviceName}
          </Link>
          {name}
        </span>
      </th>
      {COLUMNS.map((column) => (
        <td data-label={t(`trends.${column}`)} key={column}>
          {cell(column)}
        </td>
      ))}
      <td className={styles.action}>
        <ActionIcon
          aria-label={t("trends.remove", { name })}
          color="gray"
          onClick={() => onRemove(ref)}
          variant="subtle"
        >
          <Icon name="close" />
        </ActionIcon>
      </td>
    </tr>
  );
}

/** The curves by number, with exact figures of the range: what the chart says, for those who cannot see it. */
export function SeriesTable({ points, trend, scheme, onRemove }: SeriesTableProps) {
  const { t } = useWords();
  return (
    <table aria-label={t("trends.stats")} className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t("trends.series")}</th>
          {COLUMNS.map((column) => (
            <th key={column} scope="col">
              {t(`trends.${column}`)}
            </th>
          ))}
          <th scope="col">
            <VisuallyHidden>{t("trends.actions")}</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {points.map((item, index) => (
          <SeriesRow
            index={index}
            item={item}
            key={item.point.id}
            onRemove={onRemove}
            scheme={scheme}
            trend={trend}
          />
        ))}
      </tbody>
    </table>
  );
}
