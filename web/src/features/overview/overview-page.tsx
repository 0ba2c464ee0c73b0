import { useQuery } from "@tanstack/react-query";
import { devicesQuery, groupsQuery, sitesQuery } from "@/api/queries.ts";
import { Failed } from "@/components/failed.tsx";
import { isFirstAsked } from "@/components/first-asked.ts";
import { Notice } from "@/components/notice.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useTitle } from "@/components/use-title.ts";
import { useWords } from "@/i18n/use-words.ts";
import { useIsAwaited, useLiveStates, useLiveStream } from "@/live/live-context.ts";
import { AddDevice } from "./add-device.tsx";
import styles from "./overview.module.css";
import { Overview } from "./overview.tsx";

export function OverviewPage() {
  const { t } = useWords();
  useTitle(t("overview.title"));
  useLiveStream("/api/devices/stream?values=overview&changed=true", 1);
  const sites = useQuery(sitesQuery);
  const devices = useQuery(devicesQuery);
  // Without its groups the plant can still be looked at.
  const groups = useQuery(groupsQuery);
  const isEmpty = devices.data?.length === 0;
  const isAwaited = useIsAwaited(useLiveStates().size > 0 || isEmpty);

  const failed = [sites, devices].find((query) => query.isError && query.data === undefined);
  if (failed?.error) return <Failed error={failed.error} retry={() => void failed.refetch()} />;
  if (!sites.data || !devices.data || isFirstAsked(groups) || isAwaited)
    return (
      <div className={styles.overview}>
        <div className={styles.top}>
          <h1>{t("overview.title")}</h1>
        </div>
        <Skeletons count={8} height={232} label={t("overview.loading")} layout="grid" />
      </div>
    );
  if (isEmpty)
    return (
      <Notice icon="empty" text={t("overview.none_text")} title={t("overview.none_title")}>
        <AddDevice words={t("wizard.first")} />
      </Notice>
    );
  return <Overview devices={devices.data} groups={groups.data ?? []} sites={sites.data} />;
}
