import { useQuery } from "@tanstack/react-query";
import type { Health } from "@/api/types.ts";
import { isFirstAsked } from "@/components/first-asked.ts";
import { Icon } from "@/components/icon.tsx";
import { Outdated } from "@/components/outdated.tsx";
import { Panel } from "@/components/panel.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { Unanswered } from "@/components/unanswered.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { Age } from "@/live/age.tsx";
import { useHeartbeat } from "@/live/live-context.ts";
import { Facts } from "./facts.tsx";
import { LinksPanel } from "./links-panel.tsx";
import { problemOf, problemWords } from "./problem-words.ts";
import { healthQuery, metricsQuery, systemHealthQuery } from "./queries.ts";
import { RoomPanel } from "./room-panel.tsx";
import { SpoolPanel } from "./spool-panel.tsx";
import styles from "./system.module.css";
import { ThresholdsPanel } from "./thresholds-panel.tsx";

const STATUSES = ["online", "offline", "error", "unknown"] as const;

interface VerdictProps {
  health: Health;
  isDatabaseThere: boolean;
  /** A figure of the system is beyond its thresholds. */
  isBeyond: boolean;
  checkedMs: number;
  /** It could not be asked again. */
  isOld: boolean;
}

/** One sentence that says how it is. */
function Verdict({ health, isDatabaseThere, isBeyond, checkedMs, isOld }: VerdictProps) {
  const { t } = useWords();
  const told = health.status === "ok" && isBeyond ? "degraded" : health.status;
  const state = isDatabaseThere ? told : "unhealthy";
  return (
    <p className={styles.verdict} data-old={isOld} data-state={state} role="status">
      <Icon name={state === "ok" ? "online" : "error"} size={22} /> {t(`health.${state}`)}
      <small>
        {t("health.checked")} <Age ago atMs={checkedMs} />
      </small>
    </p>
  );
}

function Problems({ problems }: { problems: Health["problem_details"] }) {
  const words = useWords();
  if (problems.length === 0) return null;
  return (
    <Panel title={words.t("health.problems")}>
      <ul className={styles.problems}>
        {problems.map((problem) => (
          <li key={problem.message} title={problem.message}>
            {problemWords(problem, words)}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** How the server, its recording, its disk and its links are. */
export function HealthPage() {
  const words = useWords();
  const { t, count, age } = words;
  useHeartbeat();
  const health = useQuery(healthQuery);
  const system = useQuery(systemHealthQuery);
  const performance = useQuery(metricsQuery);
  const metrics = performance.data;
  const asked = [health, performance, system].find(isFirstAsked) ?? health;
  if (!health.data || isFirstAsked(asked))
    return <Unanswered loading={t("health.loading")} query={asked} title={t("health.title")} />;
  const { devices, history, room, spool, problem_details, version, started_at, now } = health.data;
  const notRecorded = problemOf(problem_details, "recording", words);
  const isThere = system.data !== null;
  const database = isThere ? t("health.connected") : t("health.disconnected");
  return (
    <SettingsPage title={t("health.title")}>
      <Outdated query={health} />
      <Verdict
        isOld={health.isError}
        checkedMs={health.dataUpdatedAt}
        health={health.data}
        isBeyond={metrics !== undefined && metrics.status !== "ok"}
        isDatabaseThere={isThere}
      />
      <Problems problems={problem_details} />
      <ThresholdsPanel />
      <Panel title={t("health.server")}>
        <Facts
          facts={[
            [t("health.version"), version],
            [t("health.up"), age(Date.parse(now) - Date.parse(started_at))],
            [t("health.database"), system.data === undefined || system.isError ? t("health.unknown") : database],
          ]}
        />
      </Panel>
      <Panel title={t("health.devices")}>
        <Facts facts={STATUSES.map((status) => [t(`status.${status}`), count(devices[status])] as const)} />
      </Panel>
      <Panel title={t("health.history")} {...(notRecorded && { text: notRecorded })}>
        <Facts
          facts={[
            [t("health.stored"), count(history.stored)],
            [t("health.waiting"), count(history.waiting)],
            [t("health.dropped"), count(history.dropped)],
          ]}
        />
      </Panel>
      <RoomPanel room={room} />
      {spool && <SpoolPanel problem={problemOf(problem_details, "spool", words)} spool={spool} />}
      <LinksPanel />
    </SettingsPage>
  );
}
