import { Alert, Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { useWords } from "@/i18n/use-words.ts";
import { errorWords } from "./error-words.ts";
import styles from "./outdated.module.css";

/** Stands above an answer that could not be had anew: from when it is, why, and the way to ask again. */
export function Outdated({ query }: { query: UseQueryResult<unknown> }) {
  const words = useWords();
  const { t, time } = words;
  if (!query.error || query.data === undefined) return null;
  return (
    <Alert color="orange" role="alert" variant="light">
      <div className={styles.outdated}>
        <p>
          {t("failed.outdated", { time: time(query.dataUpdatedAt, "clock") })} {errorWords(query.error, words)}
        </p>
        <Button loading={query.isFetching} onClick={() => void query.refetch()} size="compact-sm" variant="default">
          {t("failed.retry")}
        </Button>
      </div>
    </Alert>
  );
}
