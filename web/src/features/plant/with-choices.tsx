import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { sitesQuery } from "@/api/queries.ts";
import type { DeviceDetail } from "@/api/types.ts";
import { Failed } from "@/components/failed.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { DeviceForm } from "./device-form.tsx";
import { profilesQuery } from "./queries.ts";

interface WithChoicesProps {
  device: DeviceDetail | null;
  first?: string;
  /** What stands below the form, and comes with it. */
  children?: ReactNode;
}

/** The form of a device, when what there is to choose from is known. */
export function WithChoices({ device, first = "", children }: WithChoicesProps) {
  const { t } = useWords();
  const sites = useQuery(sitesQuery);
  const profiles = useQuery(profilesQuery);
  if (sites.data && profiles.data)
    return (
      <>
        <DeviceForm device={device} first={first} profiles={profiles.data} sites={sites.data} />
        {children}
      </>
    );
  const failed = [sites, profiles].find((query) => query.isError);
  if (failed?.error) return <Failed error={failed.error} retry={() => void failed.refetch()} />;
  return <Skeletons count={3} height={180} label={t("wizard.loading")} layout="list" />;
}
