import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { SettingsPage } from "@/components/settings-page.tsx";
import { Unanswered } from "@/components/unanswered.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { ProfileEditor } from "./profile-editor.tsx";
import { profileSourceQuery } from "./queries.ts";

function Profile({ profileKey }: { profileKey: string }) {
  const { t } = useWords();
  const found = useQuery(profileSourceQuery(profileKey));
  if (!found.data) return <Unanswered loading={t("profiles.loading")} query={found} title={profileKey} />;
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
