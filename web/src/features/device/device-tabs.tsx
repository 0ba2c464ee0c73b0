import { Link, useSearchParams } from "react-router";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./device-tabs.module.css";

export const TABS = ["values", "health", "controls"] as const;
export type Tab = (typeof TABS)[number];

/** Which part of the device's page the address asks for. */
export function useTab(): Tab {
  const [params] = useSearchParams();
  return TABS.find((tab) => tab === params.get("tab")) ?? "values";
}

export function DeviceTabs({ tab, shown }: { tab: Tab; shown: readonly Tab[] }) {
  const { t } = useWords();
  return (
    <nav aria-label={t("device.parts")} className={styles.tabs}>
      {shown.map((one) => (
        <Link
          aria-current={one === tab ? "page" : undefined}
          key={one}
          preventScrollReset
          to={one === "values" ? "." : `?tab=${one}`}
        >
          {t(`device.tab_${one}`)}
        </Link>
      ))}
    </nav>
  );
}
