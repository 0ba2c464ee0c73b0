import { useEffect, useRef } from "react";
import { NavLink, Outlet, useLocation } from "react-router";
import type { Role } from "@/api/types.ts";
import { useReaches } from "@/api/use-session.ts";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./settings-layout.module.css";

interface Entry {
  readonly to: string;
  readonly word: Word;
  readonly role: Role;
}
type Word =
  | "sites"
  | "groups"
  | "trend_logs"
  | "profiles"
  | "account"
  | "users"
  | "audit"
  | "configuration"
  | "backups"
  | "health";

/** The pages of settings, and the least role that has something to do there. */
const SECTIONS: readonly (readonly ["plant" | "access" | "system_pages", readonly Entry[]])[] = [
  [
    "plant",
    [
      { to: "/sites", word: "sites", role: "admin" },
      { to: "/groups", word: "groups", role: "read_only" },
      { to: "/trend-logs", word: "trend_logs", role: "read_only" },
      { to: "/profiles", word: "profiles", role: "read_only" },
    ],
  ],
  [
    "access",
    [
      { to: "/account", word: "account", role: "read_only" },
      { to: "/users", word: "users", role: "admin" },
      { to: "/audit", word: "audit", role: "owner" },
    ],
  ],
  [
    "system_pages",
    [
      { to: "/health", word: "health", role: "read_only" },
      { to: "/configuration", word: "configuration", role: "read_only" },
      { to: "/backups", word: "backups", role: "admin" },
    ],
  ],
];

/** The list of the pages of settings beside the one that is open. */
export function SettingsLayout() {
  const { t } = useWords();
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is open
  useEffect(() => {
    // On a phone the list is wider than the screen; the page that is open must be in view in it.
    const open = nav.current?.querySelector<HTMLElement>('[aria-current="page"]');
    if (nav.current && open)
      nav.current.scrollLeft = open.offsetLeft - (nav.current.clientWidth - open.offsetWidth) / 2;
  }, [pathname]);
  const reaches = { read_only: true, admin: useReaches("admin"), owner: useReaches("owner") };
  return (
    <div className={styles.settings}>
      <nav aria-label={t("nav.settings")} className={styles.nav} ref={nav}>
        {SECTIONS.map(([section, entries]) => (
          <div className={styles.section} key={section}>
            <h2>{t(`nav.${section}`)}</h2>
            {entries
              .filter(({ role }) => reaches[role])
              .map(({ to, word }) => (
                <NavLink key={to} to={to}>
                  {t(`nav.${word}`)}
                </NavLink>
              ))}
          </div>
        ))}
      </nav>
      <div className={styles.page}>
        <Outlet />
      </div>
    </div>
  );
}
