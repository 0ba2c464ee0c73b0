import { Link, NavLink } from "react-router";
import { Logo } from "@/components/logo.tsx";
import { NotificationBell } from "@/features/notifications/notification-bell.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { AccountMenu } from "./account-menu.tsx";
import { ConnectionChip } from "./connection-chip.tsx";
import styles from "./header.module.css";
import { LanguageMenu } from "./language-menu.tsx";
import { SchemeMenu } from "./scheme-menu.tsx";

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
