import { useQuery } from "@tanstack/react-query";
import type { SystemMetrics, Threshold } from "@/api/types.ts";
import { Panel } from "@/components/panel.tsx";
import { Row, RowList } from "@/components/row-list.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { StatusChip } from "@/components/status-chip.tsx";
import { Wrong } from "@/components/wrong.tsx";
import { useWords, type Words } from "@/i18n/use-words.ts";
import { formatBytes } from "@/lib/bytes.ts";
import { Facts } from "./facts.tsx";
import { metricsQuery } from "./queries.ts";

const STATES = { ok: "normal", warning: "warning", critical: "critical" } as const;

/** What has thresholds, and how it is written: a share of 1, milliseconds, or a percentage. */
const METRICS = {
  cache_hit_rate: "share",
  database_query_time_avg_ms: "ms",
  collection_success_rate: "share",
  api_response_time_avg_ms: "ms",
  disk_usage_percent: "percent",
} as const;
type Metric = keyof typeof METRICS;

const isMetric = (name: string): name is Metric => name in METRICS;

function written(metric: Metric, value: number, { number, unit }: Words): string {
  const kind = METRICS[metric];
  if (kind === "ms") return `${number(value, value < 10 ? 1 : 0)} ${unit("ms")}`;
  const percent = kind === "share" ? 100 * value : value;
  return `${number(percent, Number.isInteger(percent) ? 0 : 1)} %`;
}

function ThresholdRow({ threshold, metric }: { threshold: Threshold; metric: Metric }) {
  const words = useWords();
  const { t } = words;
  const { value, warning, critical, below, state } = threshold;
  const bound = (limit: number) => `${below ? "<" : ">"} ${written(metric, limit, words)}`;
  return (
    <Row
      actions={<StatusChip state={STATES[state]} />}
      facts={[
        [t("health.value"), written(metric, value, words)],
        [t("status.warning"), bound(warning)],
        [t("status.critical"), bound(critical)],
      ]}
      title={t(`health.metrics.${metric}`)}
    />
  );
}

function OtherFigures({ metrics }: { metrics: SystemMetrics }) {
  const { t, count, number, unit, language } = useWords();
  return (
    <Facts
      facts={[
        [t("health.metrics.failed_collections_last_hour"), count(metrics.failed_collections_last_hour)],
        [
          t("health.metrics.collection_latency_avg_ms"),
          `${number(metrics.collection_latency_avg_ms, 0)} ${unit("ms")}`,
        ],
        [t("health.metrics.api_requests_per_minute"), count(metrics.api_requests_per_minute)],
        [
          t("health.metrics.api_error_rate"),
          `${number(100 * metrics.api_error_rate, metrics.api_error_rate > 0 ? 1 : 0)} %`,
        ],
        [t("health.metrics.cache_size_bytes"), formatBytes(metrics.cache_size_bytes, language)],
        [t("health.metrics.database_connection_count"), count(metrics.database_connection_count)],
      ]}
    />
  );
}

/** How well the system does its work: each figure beside the bounds beyond which it is a warning or critical. */
export function ThresholdsPanel() {
  const { t } = useWords();
  const found = useQuery(metricsQuery);
  return (
    <Panel text={t("health.performance_text")} title={t("health.performance")}>
      {found.error && <Wrong error={found.error} />}
      {found.isPending && <Skeletons count={6} height={56} label={t("health.loading")} layout="list" />}
      {found.data && (
        <>
          <RowList facts={3} label={t("health.performance")}>
            {found.data.thresholds.flatMap((threshold) =>
              isMetric(threshold.metric)
                ? [<ThresholdRow key={threshold.metric} metric={threshold.metric} threshold={threshold} />]
                : [],
            )}
          </RowList>
          <OtherFigures metrics={found.data} />
        </>
      )}
    </Panel>
  );
}
