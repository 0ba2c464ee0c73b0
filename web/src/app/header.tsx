import { Link, NavLink } from "react-router";
import { useWords } from "@/i18n/use-words.ts";
import { ConnectionChip } from "./connection-chip.tsx";
import styles from "./header.module.css";
import { LanguageMenu } from "./language-menu.tsx";
import { SchemeMenu } from "./scheme-menu.tsx";

function Logo() {
  return (
    <svg aria-hidden="true" focusable="false" height="26" viewBox="0 0 32 32" width="26">
      <rect fill="#1f4fbf" height="32" rx="7" width="32" />
      <path
        d="M5 19h5l3-9 5 14 3-9 1.5 4H27"
        fill="none"
        stroke="#fff"
        strokeLinecap="round"
        strokeLinejoin="round"
        strokeWidth="2.4"
      />
    </svg>
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
      </nav>
      <div className={styles.tools}>
        <ConnectionChip />
        <LanguageMenu />
        <SchemeMenu />
      </div>
    </header>
  );
}
