import { Progress } from "@mantine/core";
import type { Health } from "@/api/types.ts";
import { Panel } from "@/components/panel.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { formatBytes } from "@/lib/bytes.ts";
import { Facts } from "./facts.tsx";

interface SpoolPanelProps {
  spool: NonNullable<Health["spool"]>;
  /** Why the server does not take what waits, in words. */
  problem: string | undefined;
}

/** What waits on the disk while the history's server is away. */
export function SpoolPanel({ spool, problem }: SpoolPanelProps) {
  const { t, number, roughSpan, language } = useWords();
  const used = `${number(spool.used_percent, 0)} %`;
  const isWell = spool.problem === null && spool.dropped === 0;
  const age = spool.oldest_age_s === null ? t("health.spool_none") : roughSpan(spool.oldest_age_s * 1000);
  return (
    <Panel text={problem ?? t("health.spool_text")} title={t("health.spool")}>
      <Progress
        aria-label={`${t("health.spool")}: ${used}`}
        color={isWell ? "teal.7" : "orange.7"}
        value={spool.used_percent}
      />
      <Facts
        facts={[
          [t("health.spool_waiting"), number(spool.waiting, 0)],
          [t("health.spool_age"), age],
          [t("health.size"), formatBytes(spool.bytes, language)],
          [t("health.spool_dropped"), number(spool.dropped, 0)],
        ]}
      />
    </Panel>
  );
}
