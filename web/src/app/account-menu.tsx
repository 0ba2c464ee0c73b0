import { ActionIcon, Menu } from "@mantine/core";
import { Link } from "react-router";
import { session } from "@/api/session.ts";
import { useUser } from "@/api/use-session.ts";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useZone } from "@/i18n/zone-context.ts";
import { zoneName } from "@/lib/zone.ts";
import { useFirstSettings } from "./settings-pages.ts";

export function AccountMenu() {
  const { t } = useWords();
  const user = useUser();
  const zone = useZone();
  const settings = useFirstSettings();
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
        <Menu.Label>{t("zone.shown", { zone: zoneName(zone) })}</Menu.Label>
        <Menu.Item component={Link} to="/account">
          {t("account.title")}
        </Menu.Item>
        <Menu.Item component={Link} to={settings}>
          {t("nav.settings")}
        </Menu.Item>
        <Menu.Item component={Link} to="/wall">
          {t("nav.wall")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => void session.signOut()}>{t("nav.sign_out")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
