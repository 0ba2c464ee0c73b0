import { Outlet } from "react-router";
import { useWords } from "@/i18n/use-words.ts";
import { ConnectionBanner } from "./connection-banner.tsx";
import { Gate } from "./gate.tsx";
import { Header } from "./header.tsx";
import styles from "./layout.module.css";

export function Layout() {
  const { t } = useWords();
  return (
    <Gate>
      <a className={styles.skip} href="#content">
        {t("nav.skip")}
      </a>
      <Header />
      <ConnectionBanner />
      <main className={styles.main} id="content" tabIndex={-1}>
        <Outlet />
      </main>
    </Gate>
  );
}
