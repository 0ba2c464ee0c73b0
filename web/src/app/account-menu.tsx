import { ActionIcon, Menu } from "@mantine/core";
import { session } from "@/api/session.ts";
import { useUser } from "@/api/use-session.ts";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";

export function AccountMenu() {
  const { t } = useWords();
  const user = useUser();
  if (!user) return null;
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon aria-label={t("nav.account")} color="gray" size="lg" variant="subtle">
          <Icon name="account" size={19} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.username} · {t(`role.${user.role}`)}
        </Menu.Label>
        <Menu.Item onClick={() => void session.signOut()}>{t("nav.sign_out")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
