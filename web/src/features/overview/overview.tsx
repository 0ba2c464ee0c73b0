import { Button } from "@mantine/core";
import { useSearchParams } from "react-router";
import type { Device, Site } from "@/api/types.ts";
import { kindWord } from "@/components/device-kind.ts";
import { Notice } from "@/components/notice.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useLiveStatuses } from "@/live/live-context.ts";
import { AddDevice } from "./add-device.tsx";
import { countByStatus, type Filter, filterFromUrl, filterToUrl, matchingBySite } from "./filter.ts";
import styles from "./overview.module.css";
import { OverviewFilter } from "./overview-filter.tsx";
import { SiteSection } from "./site-section.tsx";

/** The plant on one page: sites, their devices, and what the devices say now. */
export function Overview({ sites, devices }: { sites: readonly Site[]; devices: readonly Device[] }) {
  const { t } = useWords();
  const [params, setParams] = useSearchParams();
  const statuses = useLiveStatuses();

  const statusOf = (device: Device) => statuses.get(device.id) ?? device.status;
  const filter = filterFromUrl(params);
  const setFilter = (next: Filter) => setParams(filterToUrl(next), { replace: true });
  const groups = matchingBySite(sites, devices, filter, statusOf, (device) => kindWord(device.kind, t));

  return (
    <div className={styles.overview}>
      <div className={styles.top}>
        <h1>{t("overview.title")}</h1>
        <OverviewFilter
          counts={countByStatus(devices, statusOf)}
          filter={filter}
          onChange={setFilter}
          total={devices.length}
        />
        <AddDevice words={t("wizard.add")} />
      </div>
      {groups.map(({ site, devices: matching }) => (
        <SiteSection devices={matching} key={site.id} site={site} statusOf={statusOf} />
      ))}
      {groups.length === 0 && (
        <Notice icon="search" text={t("overview.no_match_text")} title={t("overview.no_match_title")}>
          <Button onClick={() => setFilter({ query: "", status: null })} variant="default">
            {t("overview.clear")}
          </Button>
        </Notice>
      )}
    </div>
  );
}
