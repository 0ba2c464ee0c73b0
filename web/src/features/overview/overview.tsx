import { Button } from "@mantine/core";
import { useSearchParams } from "react-router";
import type { Device, GroupDetail, Site } from "@/api/types.ts";
import { kindWord } from "@/components/device-kind.ts";
import { stateOf } from "@/components/device-state.ts";
import { Notice } from "@/components/notice.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useLiveStates } from "@/live/live-context.ts";
import { AddDevice } from "./add-device.tsx";
import { DeviceSection } from "./device-section.tsx";
import { countByState, type Filter, filterFromUrl, filterToUrl, matching } from "./filter.ts";
import styles from "./overview.module.css";
import { OverviewFilter } from "./overview-filter.tsx";
import { byGroup, bySite } from "./sections.ts";

interface OverviewProps {
  sites: readonly Site[];
  groups: readonly GroupDetail[];
  devices: readonly Device[];
}

/** The plant on one page: sites or groups, their devices, and what the devices say now. */
export function Overview({ sites, groups, devices }: OverviewProps) {
  const { t } = useWords();
  const [params, setParams] = useSearchParams();
  const states = useLiveStates();

  const stateNow = (device: Device) => states.get(device.id) ?? stateOf(device.status);
  const filter = filterFromUrl(params);
  const setFilter = (next: Filter) => setParams(filterToUrl(next), { replace: true });
  const isGrouped = filter.by === "group" && groups.length > 0;
  const all = isGrouped ? byGroup(groups, devices, t("overview.no_group")) : bySite(sites, devices);
  const siteOf = new Map(sites.map((site) => [site.id, `${site.code} ${site.name}`]));
  const words = (device: Device) => [kindWord(device.kind, t), siteOf.get(device.site_id) ?? ""];
  const sections = matching(all, filter, stateNow, words);

  return (
    <div className={styles.overview}>
      <div className={styles.top}>
        <h1>{t("overview.title")}</h1>
        <AddDevice words={t("wizard.add")} />
        <OverviewFilter
          counts={countByState(devices, stateNow)}
          filter={filter}
          hasGroups={groups.length > 0}
          onChange={setFilter}
          total={devices.length}
        />
      </div>
      {sections.map((section) => (
        <DeviceSection key={section.key} section={section} stateOf={stateNow} />
      ))}
      {sections.length === 0 && (
        <Notice icon="search" text={t("overview.no_match_text")} title={t("overview.no_match_title")}>
          <Button onClick={() => setFilter({ ...filter, query: "", state: null })} variant="default">
            {t("overview.clear")}
          </Button>
        </Notice>
      )}
    </div>
  );
}
