import { useQuery } from "@tanstack/react-query";
import { useReaches } from "@/api/use-session.ts";
import { SettingsPage } from "@/components/settings-page.tsx";
import { Unanswered } from "@/components/unanswered.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { ConfigurationForm } from "./configuration-form.tsx";
import { configurationQuery } from "./queries.ts";

export function ConfigurationPage() {
  const { t } = useWords();
  const isOwner = useReaches("owner");
  useHeartbeat();
  const now = useQuery(configurationQuery);
  if (!now.data)
    return <Unanswered loading={t("configuration.loading")} query={now} title={t("configuration.title")} />;
  return (
    <SettingsPage title={t("configuration.title")}>
      {!isOwner && <p>{t("configuration.seen_only")}</p>}
      <ConfigurationForm isOwner={isOwner} now={now.data} />
    </SettingsPage>
  );
}
