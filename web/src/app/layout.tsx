import { Outlet } from "react-router";
import { useWords } from "@/i18n/use-words.ts";
import { useIsSilent } from "@/live/live-context.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { Gate } from "./gate.tsx";
import { Header } from "./header.tsx";
import styles from "./layout.module.css";
import { UpgradeBanner } from "./upgrade-banner.tsx";

export function Layout() {
  const { t } = useWords();
  const isSilent = useIsSilent();
  return (
    <Gate>
      <a className={styles.skip} href="#content">
        {t("nav.skip")}
      </a>
      <Header />
      <ConnectionBanner />
      <UpgradeBanner />
      <main className={styles.main} data-silent={isSilent} id="content" tabIndex={-1}>
        <Outlet />
      </main>
    </Gate>
  );
}
