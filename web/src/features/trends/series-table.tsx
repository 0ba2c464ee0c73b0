import { ActionIcon, VisuallyHidden } from "@mantine/core";
import { memo } from "react";
import { Link } from "react-router";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import type { PointRef } from "@/lib/trend-link.ts";
import { isStepped } from "@/lib/value-words.ts";
import type { ChartPoint } from "./chart-points.ts";
import { type Scheme, seriesColor } from "./palette.ts";
import type { Figures } from "./queries.ts";
import styles from "./series-table.module.css";
import type { FiguresByPoint } from "./use-trend.ts";

const COLUMNS = ["last", "min", "mean", "max"] as const satisfies readonly (keyof Figures)[];
type Column = (typeof COLUMNS)[number];

interface SeriesTableProps {
  points: readonly ChartPoint[];
  figures: FiguresByPoint;
  /** Those of the period that is compared with. */
  earlier: FiguresByPoint | null;
  scheme: Scheme;
  onRemove: (ref: PointRef) => void;
}

/** A figure in words; a mean of states or of bits says nothing. */
function useFigureWords({ point }: ChartPoint) {
  const { line } = useWords();
  return (figures: Figures | undefined, column: Column): string => {
    const value = figures && (column === "last" || !isStepped(point)) ? figures[column] : null;
    return value === null ? "—" : line(point, value);
  };
}

function Quality({ figures }: { figures: Figures | undefined }) {
  const { t, number, count } = useWords();
  if (!figures || figures.goodPercent === null) return "—";
  const percent = figures.goodPercent > 99.9 && figures.goodPercent < 100 ? 99.9 : figures.goodPercent;
  return (
    <>
      {number(percent, percent === 100 ? 0 : 1)} %
      <span className={styles.earlier}>
        {t("trends.samples", { count: figures.count, text: count(figures.count) })}
      </span>
    </>
  );
}

type SeriesRowProps = Omit<SeriesTableProps, "points"> & { item: ChartPoint; index: number };

function SeriesRow({ item, index, figures, earlier, scheme, onRemove }: SeriesRowProps) {
  const { t, text } = useWords();
  const { point, deviceName, ref } = item;
  const words = useFigureWords(item);
  const name = text(point.name, point.key);
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
          {words(figures.get(point.id), column)}
          {earlier && (
            <span className={styles.earlier}>
              {t("trends.before", { value: words(earlier.get(point.id), column) })}
            </span>
          )}
        </td>
      ))}
      <td data-label={t("trends.good")}>
        <Quality figures={figures.get(point.id)} />
      </td>
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
export const SeriesTable = memo(function SeriesTable({ points, ...rest }: SeriesTableProps) {
  const { t } = useWords();
  return (
    <table aria-label={t("trends.stats")} className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{t("trends.series")}</th>
          {[...COLUMNS, "good" as const].map((column) => (
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
          <SeriesRow index={index} item={item} key={item.point.id} {...rest} />
        ))}
      </tbody>
    </table>
  );
});
