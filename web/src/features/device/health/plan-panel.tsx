import { useQuery } from "@tanstack/react-query";
import type { DeviceDetail, Plan, Point } from "@/api/types.ts";
import { Failed } from "@/components/failed.tsx";
import { Panel } from "@/components/panel.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { planQuery } from "../queries.ts";
import { Figures } from "./figures.tsx";
import styles from "./health.module.css";
import { holeWords, lessonWords, readGroupWords } from "./learned-words.ts";
import { cellRuns, type PlanRequest } from "./plan-cells.ts";

interface RequestRowProps {
  request: PlanRequest;
  points: readonly Point[];
  /** As many registers as the longest request has. */
  longest: number;
}

/** A request as a strip of registers: filled are those of points, hatched those that lie between. */
function RequestRow({ request, points, longest }: RequestRowProps) {
  const { t } = useWords();
  const { table, first, count, wanted } = request;
  return (
    <li className={styles.request}>
      <span className={styles.span}>
        {t(`device.table.${table}`)} {first}
        {count > 1 && `–${first + count - 1}`}
      </span>
      <svg aria-hidden="true" className={styles.strip} preserveAspectRatio="none" viewBox={`0 0 ${longest} 10`}>
        {cellRuns(request, points).map((run) => (
          <rect
            data-wanted={run.isWanted}
            height={10}
            key={run.first}
            width={run.count - 0.15}
            x={run.first - first}
            y={0}
          >
            <title>{run.isWanted ? run.keys.join(", ") : t("line.between")}</title>
          </rect>
        ))}
      </svg>
      <span className={styles.share}>{t("line.wanted_of", { wanted, count })}</span>
    </li>
  );
}

function PlanPicture({ plan, points }: { plan: Plan; points: readonly Point[] }) {
  const { t } = useWords();
  const longest = Math.max(...plan.groups.flatMap((group) => group.requests.map((request) => request.count)), 1);
  return (
    <>
      <p className={styles.legend}>
        <span data-wanted="true" /> {t("line.of_points")} <span data-wanted="false" /> {t("line.between")}
      </p>
      {plan.groups.map((group) => (
        <section key={group.name}>
          <h3 className={styles.heading}>
            {readGroupWords(group.name, t)} ·{" "}
            {group.every === 1 ? t("line.each_cycle") : t("line.every", { count: group.every })}
          </h3>
          <ul className={styles.requests}>
            {group.requests.map((request) => (
              <RequestRow
                key={`${request.table} ${request.first}`}
                longest={longest}
                points={points}
                request={request}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

/** What was learned of the device: what it does not answer, and limits of its own. */
function Learned({ plan }: { plan: Plan }) {
  const words = useWords();
  const { t } = words;
  const lines = [
    ...plan.holes.map((hole) => holeWords(hole, words)),
    ...plan.lessons.map((lesson) => lessonWords(lesson, words)),
    ...(plan.unreadable.length > 0 ? [t("line.unreadable", { points: plan.unreadable.join(", ") })] : []),
  ];
  if (lines.length === 0) return null;
  return (
    <section>
      <h3 className={styles.heading}>{t("line.learned")}</h3>
      <ul className={styles.learned}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}

/** The read plan as a picture: in which requests the device is read, and what of each is of use. */
export function PlanPanel({ device }: { device: DeviceDetail }) {
  const { t, count, number, unit } = useWords();
  const plan = useQuery(planQuery(device.id));
  const ms = (seconds: number | null) => (seconds === null ? "—" : `${number(seconds * 1000, 0)} ${unit("ms")}`);
  const facts = plan.data && [
    { name: t("line.requests"), value: count(plan.data.requests) },
    { name: t("line.read"), value: count(plan.data.read) },
    { name: t("line.wasted"), value: count(plan.data.wasted) },
    { name: t("line.estimated"), value: ms(plan.data.estimated_cycle_s) },
    { name: t("line.measured"), value: ms(plan.data.measured_cycle_s) },
    { name: t("line.max_registers"), value: count(plan.data.max_registers) },
  ];
  return (
    <Panel text={t("line.plan_text")} title={t("line.plan")}>
      {plan.isError && !plan.data && <Failed error={plan.error} retry={() => void plan.refetch()} />}
      {plan.isPending && <Skeletons count={2} height={60} label={t("device.loading")} layout="list" />}
      {facts && plan.data && (
        <>
          <Figures facts={facts} />
          <PlanPicture plan={plan.data} points={device.points} />
          <Learned plan={plan.data} />
        </>
      )}
    </Panel>
  );
}
