import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Failed } from "@/components/failed.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useZone } from "@/i18n/zone-context.ts";
import styles from "./audit.module.css";
import type { AuditFilter } from "./audit-filter.ts";
import { DeedRow } from "./deed-row.tsx";
import { foldDeeds } from "./deeds.ts";
import { auditQuery } from "./queries.ts";

/** What was done, newest first, as far as it was asked for. */
export function AuditList({ filter }: { filter: AuditFilter }) {
  const { t } = useWords();
  const found = useInfiniteQuery(auditQuery(filter, useZone()));
  if (found.isPending) return <Skeletons count={6} height={56} label={t("audit.loading")} layout="list" />;
  if (!found.data) return <Failed error={found.error} retry={() => void found.refetch()} />;
  const records = found.data.pages.flatMap((page) => page.records);
  const head = found.data.pages[0]?.head;
  return (
    <>
      {records.length === 0 && <p className={styles.none}>{t("audit.none")}</p>}
      {records.length > 0 && (
        <ol aria-label={t("audit.title")} className={styles.deeds}>
          {foldDeeds(records).map((deeds) => (
            <DeedRow deeds={deeds} key={deeds[0].id} />
          ))}
        </ol>
      )}
      {found.hasNextPage && (
        <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()} variant="default">
          {t("audit.more")}
        </Button>
      )}
      {head && <p className={styles.head}>{t("audit.head", { head: `${head.id}:${head.hash.slice(0, 16)}…` })}</p>}
    </>
  );
}
