import { useQueries, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { devicesQuery, groupsQuery, sitesQuery } from "@/api/queries.ts";
import type { Device, GroupDetail, Site } from "@/api/types.ts";
import { Failed } from "@/components/failed.tsx";
import { Notice } from "@/components/notice.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useTitle } from "@/components/use-title.ts";
import { useWords } from "@/i18n/use-words.ts";
import { useIsAwaited, useLiveStates, useLiveStream } from "@/live/live-context.ts";
import { profilePointsQuery } from "./queries.ts";
import styles from "./wall.module.css";
import { Wall } from "./wall.tsx";

interface Shown {
  readonly devices: readonly Device[];
  /** The site or group that the address asks for; empty for all. */
  readonly name: string;
}

/** What of the plant the screen is for: `?site=MKZ` or `?group=Engines`; all when there is no such. */
function shownOn(
  params: URLSearchParams,
  devices: readonly Device[],
  sites: readonly Site[],
  groups: readonly GroupDetail[],
): Shown {
  const site = sites.find((one) => one.code === params.get("site"));
  if (site) return { devices: devices.filter((device) => device.site_id === site.id), name: site.name };
  const group = groups.find((one) => one.name === params.get("group"));
  const members = new Set(group?.devices.map((member) => member.id));
  if (group) return { devices: devices.filter((device) => members.has(device.id)), name: group.name };
  return { devices, name: "" };
}

const NONE: readonly Device[] = [];

/** What is known of profiles is known before a tile needs it: when the server is away the pages still turn. */
function useProfilePoints(devices: readonly Device[]) {
  const one = new Map(devices.map((device) => [device.profile || device.id, device]));
  useQueries({ queries: [...one.values()].map(profilePointsQuery) });
}

/** The plant for a screen on a wall; who opened it has signed in, or has a token for screens in the address. */
export function WallPage() {
  const { t } = useWords();
  const [params] = useSearchParams();
  useTitle(t("wall.title"));
  useLiveStream("/api/devices/stream?values=overview&changed=true", 1);
  const devices = useQuery(devicesQuery);
  useProfilePoints(devices.data ?? NONE);
  const sites = useQuery(sitesQuery).data ?? [];
  const groups = useQuery(groupsQuery).data ?? [];
  const isEmpty = devices.data?.length === 0;
  const isAwaited = useIsAwaited(useLiveStates().size > 0 || isEmpty);
  if (!devices.data || isEmpty || isAwaited)
    return (
      <main className={styles.face}>
        {(devices.isPending || (devices.data && !isEmpty)) && (
          <Skeletons count={8} height={232} label={t("overview.loading")} layout="grid" />
        )}
        {devices.error && <Failed error={devices.error} retry={() => void devices.refetch()} />}
        {isEmpty && <Notice icon="empty" text={t("overview.none_text")} title={t("overview.none_title")} />}
      </main>
    );
  const shown = shownOn(params, devices.data, sites, groups);
  return <Wall devices={shown.devices} name={shown.name || t("overview.title")} />;
}
