import { useQuery } from "@tanstack/react-query";
import { sitesQuery } from "@/api/queries.ts";
import type { DeviceDetail } from "@/api/types.ts";
import { Failed } from "@/components/failed.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { DeviceForm } from "./device-form.tsx";
import { profilesQuery } from "./queries.ts";

/** The form of a device, when what there is to choose from is known. */
export function WithChoices({ device, first = "" }: { device: DeviceDetail | null; first?: string }) {
  const { t } = useWords();
  const sites = useQuery(sitesQuery);
  const profiles = useQuery(profilesQuery);
  if (sites.data && profiles.data)
    return <DeviceForm device={device} first={first} profiles={profiles.data} sites={sites.data} />;
  const failed = [sites, profiles].find((query) => query.isError);
  if (failed?.error) return <Failed error={failed.error} retry={() => void failed.refetch()} />;
  return <Skeletons count={3} height={180} label={t("wizard.loading")} layout="list" />;
}
