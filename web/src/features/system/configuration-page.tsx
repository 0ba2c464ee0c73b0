import { useQuery } from "@tanstack/react-query";
import { useReaches } from "@/api/use-session.ts";
import { Failed } from "@/components/failed.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { ConfigurationForm } from "./configuration-form.tsx";
import { configurationQuery } from "./queries.ts";

export function ConfigurationPage() {
  const { t } = useWords();
  const isOwner = useReaches("owner");
  useHeartbeat();
  const now = useQuery(configurationQuery);
  if (now.isPending) return <Skeletons count={3} height={160} label={t("configuration.loading")} layout="list" />;
  if (!now.data) return <Failed error={now.error} retry={() => void now.refetch()} />;
  return (
    <SettingsPage title={t("configuration.title")}>
      {!isOwner && <p>{t("configuration.seen_only")}</p>}
      <ConfigurationForm isOwner={isOwner} now={now.data} />
    </SettingsPage>
  );
}
