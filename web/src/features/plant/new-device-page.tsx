import { useSearchParams } from "react-router";
import { useReaches } from "@/api/use-session.ts";
import { NotYours } from "@/components/not-yours.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { WithChoices } from "./with-choices.tsx";

export function NewDevicePage() {
  const { t } = useWords();
  const isAdmin = useReaches("admin");
  const [params] = useSearchParams();
  useHeartbeat();
  if (!isAdmin) return <NotYours />;
  return (
    <SettingsPage title={t("wizard.new_title")}>
      <WithChoices device={null} first={params.get("profile") ?? ""} />
    </SettingsPage>
  );
}
