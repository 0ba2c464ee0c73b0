import { Link, NavLink } from "react-router";
import { Logo } from "@/components/logo.tsx";
import { NotificationBell } from "@/features/notifications/notification-bell.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { AccountMenu } from "./account-menu.tsx";
import { ConnectionChip } from "./connection-chip.tsx";
import styles from "./header.module.css";
import { LanguageMenu } from "./language-menu.tsx";
import { SchemeMenu } from "./scheme-menu.tsx";
import { useFirstSettings, useOpenSettings } from "./settings-pages.ts";

/** Leads to the first page of settings, and is marked on all; on a phone the account's menu leads there. */
function SettingsLink() {
  const { t } = useWords();
  const isOpen = useOpenSettings() !== undefined;
  return (
    <Link aria-current={isOpen || undefined} className={styles.settings} to={useFirstSettings()}>
      {t("nav.settings")}
    </Link>
  );
}

export function Header() {
  const { t } = useWords();
  return (
    <header className={styles.header}>
      <Link aria-label="Stripchart" className={styles.brand} to="/">
        <Logo />
        <span className={styles.name}>Stripchart</span>
      </Link>
      <nav aria-label={t("nav.main")} className={styles.nav}>
        <NavLink end to="/">
          {t("nav.overview")}
        </NavLink>
        <NavLink to="/trends">{t("nav.trends")}</NavLink>
        <SettingsLink />
      </nav>
      <div className={styles.tools}>
        <ConnectionChip />
        <NotificationBell />
        <LanguageMenu />
        <SchemeMenu />
        <AccountMenu />
      </div>
    </header>
  );
}
