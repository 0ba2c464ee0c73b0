import type { LinkReport } from "@/api/types.ts";
import { saidWords } from "@/components/cause-words.ts";
import { Icon } from "@/components/icon.tsx";
import { Panel } from "@/components/panel.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useLiveStore } from "@/live/live-context.ts";
import { Figures } from "./figures.tsx";
import styles from "./health.module.css";

const TROUBLES = ["timeouts", "bad_replies", "refused", "late", "foreign", "discarded_bytes", "overflows"] as const;

const STATES = ["connected", "down", "idle", "closed"] as const;

function LinkState({ link }: { link: LinkReport }) {
  const words = useWords();
  const { t, since } = words;
  const store = useLiveStore();
  const state = STATES.find((one) => one === link.state) ?? "idle";
  const sinceMs = link.since === null ? null : store.toLocalMs(Date.parse(link.since));
  return (
    <p className={styles.linkState} data-state={state}>
      <Icon name={state === "connected" ? "online" : "offline"} size={18} />
      <strong>{t(`line.state_${state}`)}</strong>
      {sinceMs !== null && <span>{t("status.since", { time: since(sinceMs, Date.now()) })}</span>}
      {link.trouble && <span title={link.trouble}>{saidWords(link.cause, link.trouble, words)}</span>}
    </p>
  );
}

/** The connection or bus that the device is behind, with all who share it. */
export function LinkPanel({ link }: { link: LinkReport }) {
  const { t, count, number, unit } = useWords();
  const { counters, round_trip: trip } = link;
  const ms = (value: number | undefined) => (value === undefined ? "—" : `${number(value, 0)} ${unit("ms")}`);
  const facts = [
    { name: t("line.trip_p50"), value: ms(trip?.p50_ms) },
    { name: t("line.trip_p95"), value: ms(trip?.p95_ms) },
    { name: t("line.trip_p99"), value: ms(trip?.p99_ms) },
    { name: t("line.requests"), value: count(counters.requests) },
    { name: t("line.waiting"), value: count(link.waiting) },
    { name: t("line.units"), value: count(link.units.length) },
    { name: t("line.connects"), value: count(counters.connects) },
    ...TROUBLES.filter((name) => counters[name] > 0).map((name) => ({
      name: t(`line.${name}`),
      value: count(counters[name]),
      tone: "bad" as const,
    })),
  ];
  return (
    <Panel text={link.place} title={t("line.link")}>
      <LinkState link={link} />
      <Figures facts={facts} />
    </Panel>
  );
}
