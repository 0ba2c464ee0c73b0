import { useState } from "react";
import { NavLink, Outlet, useLocation } from "react-router";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./settings-layout.module.css";
import { useOpenSettings, useSettingsSections } from "./settings-pages.ts";

/** Whether the list is unfolded, where there is room for the page alone: until another page is open. */
function useUnfolded() {
  const { key } = useLocation();
  const [unfoldedAt, setUnfoldedAt] = useState<string | null>(null);
  const isUnfolded = unfoldedAt === key;
  return { isUnfolded, turn: () => setUnfoldedAt(isUnfolded ? null : key) };
}

/** The list of the pages of settings beside the one that is open; on a phone above it, folded to the open one. */
export function SettingsLayout() {
  const { t } = useWords();
  const open = useOpenSettings();
  const { isUnfolded, turn } = useUnfolded();
  return (
    <div className={styles.settings}>
      <nav aria-label={t("nav.settings")} className={styles.nav}>
        <button aria-expanded={isUnfolded} className={styles.turn} onClick={turn} type="button">
          <span>{t("nav.settings")}</span>
          <b>{open && t(`nav.${open.word}`)}</b>
          <Icon name={isUnfolded ? "up" : "down"} size={18} />
        </button>
        <div className={styles.sections} data-unfolded={isUnfolded}>
          {useSettingsSections().map(([section, entries]) => (
            <div className={styles.section} key={section}>
              <h2>{t(`nav.${section}`)}</h2>
              {entries.map(({ to, word }) => (
                <NavLink key={to} to={to}>
                  {t(`nav.${word}`)}
                </NavLink>
              ))}
            </div>
          ))}
        </div>
      </nav>
      <div className={styles.page}>
        <Outlet />
      </div>
    </div>
  );
}
