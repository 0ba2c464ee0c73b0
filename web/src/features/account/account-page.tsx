import { useUser } from "@/api/use-session.ts";
import { SettingsPage } from "@/components/settings-page.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { AboutMe } from "./about-me.tsx";
import { PasswordPanel } from "./password-panel.tsx";
import { TokensPanel } from "./tokens-panel.tsx";

export function AccountPage() {
  const { t } = useWords();
  const user = useUser();
  useHeartbeat();
  if (!user) return null;
  return (
    <SettingsPage title={t("account.title")}>
      <AboutMe user={user} />
      <PasswordPanel username={user.username} />
      <TokensPanel role={user.role} />
    </SettingsPage>
  );
}
