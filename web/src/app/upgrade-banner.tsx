import { Button } from "@mantine/core";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./connection-banner.module.css";
import { useOutdated } from "./use-outdated.ts";

/** Says that the server was upgraded while the page was open; a form that is being filled in is not taken away. */
export function UpgradeBanner() {
  const { t } = useWords();
  if (!useOutdated()) return null;
  return (
    <section aria-label={t("upgrade.label")} className={styles.banner} data-kind="upgrade">
      <Icon name="reconnecting" size={18} />
      <p>{t("upgrade.banner")}</p>
      <Button onClick={() => window.location.reload()} size="compact-sm" variant="default">
        {t("failed.reload")}
      </Button>
    </section>
  );
}
