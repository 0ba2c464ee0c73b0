import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import type { Device, TrendLog } from "@/api/types.ts";
import { Row, RowList } from "@/components/row-list.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { trendLink } from "@/lib/trend-link.ts";
import { DeleteTrendLog } from "./delete-trend-log.tsx";

const MOST_SHOWN = 8;

interface TrendLogListProps {
  logs: readonly TrendLog[];
  devices: readonly Device[];
  /** Undefined for those who may not. */
  onEdit: ((log: TrendLog) => void) | undefined;
}

/** What a trend of the log's points shows. */
function trendOf(log: TrendLog): string {
  const refs = log.series.slice(0, MOST_SHOWN).map(({ key }) => ({ deviceId: log.device_id, key }));
  return trendLink(refs, "1d");
}

export function TrendLogList({ logs, devices, onEdit }: TrendLogListProps) {
  const { t, count, span } = useWords();
  const [leaving, setLeaving] = useState<TrendLog | null>(null);
  const names = new Map(devices.map((device) => [device.id, device.name]));
  const actions = (log: TrendLog) => (
    <>
      <Button component={Link} size="xs" to={trendOf(log)} variant="default">
        {t("trend_logs.show")}
      </Button>
      {onEdit && (
        <>
          <Button
            aria-label={t("trend_logs.edit", { name: log.name })}
            onClick={() => onEdit(log)}
            size="xs"
            variant="default"
          >
            {t("form.edit")}
          </Button>
          <Button
            aria-label={t("trend_logs.delete", { name: log.name })}
            onClick={() => setLeaving(log)}
            size="xs"
            variant="default"
          >
            {t("form.delete")}
          </Button>
        </>
      )}
    </>
  );
  return (
    <>
      <RowList facts={4} label={t("trend_logs.title")}>
        {logs.map((log) => (
          <Row
            actions={actions(log)}
            facts={[
              [t("trend_logs.device"), names.get(log.device_id) ?? ""],
              [t("trend_logs.points"), count(log.series.length)],
              [t("trend_logs.every"), span(1000 * log.interval_s)],
              [t("trend_logs.reach"), span(1000 * log.interval_s * log.max_samples)],
            ]}
            key={log.id}
            title={log.enabled ? log.name : `${log.name} (${t("trend_logs.off")})`}
          />
        ))}
      </RowList>
      <DeleteTrendLog log={leaving} onClose={() => setLeaving(null)} />
    </>
  );
}
