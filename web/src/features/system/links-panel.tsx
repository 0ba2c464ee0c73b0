import { useQuery } from "@tanstack/react-query";
import { linksQuery } from "@/api/queries.ts";
import type { PlantLink } from "@/api/types.ts";
import { saidWords } from "@/components/cause-words.ts";
import { Panel } from "@/components/panel.tsx";
import { Row, RowList } from "@/components/row-list.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { Wrong } from "@/components/wrong.tsx";
import { useWords } from "@/i18n/use-words.ts";

const STATES = ["connected", "down", "idle", "closed"] as const;

function LinkRow({ link }: { link: PlantLink }) {
  const words = useWords();
  const { t, count, number, unit } = words;
  const state = STATES.find((one) => one === link.state);
  const told = state ? t(`line.state_${state}`) : link.state;
  const p95 = link.round_trip === null ? "—" : `${number(link.round_trip.p95_ms, 1)} ${unit("ms")}`;
  return (
    <Row
      facts={[
        [t("health.link_state"), link.trouble === null ? told : saidWords(link.cause, link.trouble, words)],
        [t("health.units"), count(link.units.length)],
        [t("health.requests"), count(link.counters.requests)],
        [t("health.timeouts"), count(link.counters.timeouts)],
        [t("health.round_trip"), p95],
      ]}
      title={link.link}
    />
  );
}

/** How each link is doing. */
export function LinksPanel() {
  const { t } = useWords();
  const links = useQuery(linksQuery);
  return (
    <Panel title={t("health.links")}>
      {links.error && <Wrong error={links.error} />}
      {links.isPending && <Skeletons count={3} height={56} label={t("health.loading")} layout="list" />}
      {links.data && (
        <RowList facts={5} label={t("health.links")} none={t("health.no_links")}>
          {links.data.map((link) => (
            <LinkRow key={link.link} link={link} />
          ))}
        </RowList>
      )}
    </Panel>
  );
}
