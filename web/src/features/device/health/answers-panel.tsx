import { useQuery } from "@tanstack/react-query";
import { deviceQuery } from "@/api/queries.ts";
import type { DeviceDetail, LinkUnit, Reason } from "@/api/types.ts";
import { Panel } from "@/components/panel.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { Figures } from "./figures.tsx";

interface AnswersPanelProps {
  device: DeviceDetail;
  unit: LinkUnit | undefined;
}

/** How often the device is read in truth, how fast it answers, and what it leaves unanswered. */
export function AnswersPanel({ device, unit }: AnswersPanelProps) {
  const { t, span, roughSpan, count, number, unit: symbol } = useWords();
  // Its own copy is asked for again while this is looked at; the page's is as old as the page.
  const fresh = useQuery({ ...deviceQuery(device.id), staleTime: 0, refetchInterval: 5000 }).data ?? device;
  const seconds = (value: number | null) => (value === null ? "—" : span(value * 1000));
  const rough = (value: number | null) => (value === null ? "—" : roughSpan(value * 1000));
  const ms = (value: number) => `${number(value, 0)} ${symbol("ms")}`;
  const bad = Object.entries(fresh.bad_points) as [Reason, number][];
  const facts = [
    { name: t("line.period"), value: seconds(fresh.period_s) },
    { name: t("line.period_p95"), value: seconds(fresh.period_p95_s) },
    { name: t("line.poll"), value: fresh.poll_s === null ? "—" : ms(fresh.poll_s * 1000) },
    { name: t("line.missed"), value: count(fresh.missed_slots), tone: fresh.missed_slots ? "bad" : "plain" },
    ...(unit
      ? ([
          { name: t("line.average"), value: ms(unit.average_ms) },
          { name: t("line.slowest"), value: ms(unit.slowest_ms) },
          { name: t("line.requests"), value: count(unit.requests) },
          { name: t("line.timeouts"), value: count(unit.timeouts), tone: unit.timeouts ? "bad" : "plain" },
          { name: t("line.refused"), value: count(unit.refused), tone: unit.refused ? "bad" : "plain" },
          { name: t("line.late"), value: count(unit.late), tone: unit.late ? "bad" : "plain" },
        ] as const)
      : []),
    ...bad.map(([reason, points]) => ({
      name: t("line.bad_points", { reason: t(`reason.${reason}`) }),
      value: count(points),
      tone: "bad" as const,
    })),
  ] as const;
  const text =
    unit && unit.state !== "closed"
      ? t("line.silent", { silence: rough(unit.silent_for_s), wait: rough(unit.asked_again_in_s) })
      : t("line.answers_text", { interval: span(fresh.interval_s * 1000) });
  return (
    <Panel text={text} title={t("line.answers")}>
      <Figures facts={facts} />
    </Panel>
  );
}
