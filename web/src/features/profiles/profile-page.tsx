import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { Failed } from "@/components/failed.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { ProfileEditor } from "./profile-editor.tsx";
import { profileSourceQuery } from "./queries.ts";

function Profile({ profileKey }: { profileKey: string }) {
  const { t } = useWords();
  const found = useQuery(profileSourceQuery(profileKey));
  if (found.isPending) return <Skeletons count={1} height={480} label={t("profiles.loading")} layout="list" />;
  if (!found.data) return <Failed error={found.error} retry={() => void found.refetch()} />;
  return (
    <SettingsPage title={profileKey}>
      <ProfileEditor file={found.data} first={found.data.source} />
    </SettingsPage>
  );
}

/** The text of a profile: to read, and for administrators to change. */
export function ProfilePage() {
  const { key = "" } = useParams();
  useHeartbeat();
  return <Profile key={key} profileKey={key} />;
}
