import { Button } from "@mantine/core";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useConnection, useIsSilent, useLiveStore, useNow } from "@/live/live-context.ts";
import type { Connection } from "@/live/stream.ts";
import styles from "./connection-banner.module.css";
import { nextTry } from "./connection-words.ts";

function Countdown({ connection }: { connection: Connection }) {
  const words = useWords();
  const nowMs = useNow();
  return <span className={styles.wait}>{nextTry(connection, nowMs, words)}</span>;
}

/** Says in a sentence that the page is not live, and since when. */
export function ConnectionBanner() {
  const { t, time } = useWords();
  const store = useLiveStore();
  const connection = useConnection();
  if (!useIsSilent()) return null;
  return (
    <section aria-label={t("connection.label")} className={styles.banner}>
      <Icon name="error" size={18} />
      <p>{t("connection.banner", { time: time(connection.sinceMs, "clock") })}</p>
      <Countdown connection={connection} />
      <Button onClick={() => store.retryNow()} size="compact-sm" variant="default">
        {t("connection.retry")}
      </Button>
    </section>
  );
}
