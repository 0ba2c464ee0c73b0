import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { AuditRecord } from "@/api/types.ts";
import { Failed } from "@/components/failed.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useZone } from "@/i18n/zone-context.ts";
import styles from "./audit.module.css";
import { ACTIONS, type AuditFilter, KINDS } from "./audit-filter.ts";
import { Changes } from "./changes.tsx";
import { auditQuery } from "./queries.ts";

function Deed({ record }: { record: AuditRecord }) {
  const { t, time } = useWords();
  const action = ACTIONS.find((one) => one === record.action);
  const kind = KINDS.find((one) => one === record.kind);
  const isAboutOneself = record.action === "signed_in" || record.action === "signed_out";
  return (
    <li className={styles.deed} data-action={record.action}>
      <p className={styles.line}>
        <time className="figures" dateTime={record.at}>
          {time(Date.parse(record.at), "full")}
        </time>
        <span>
          <b>{record.who || t("audit.nobody")}</b>{" "}
          <span>{action ? t(`audit.actions.${action}`) : record.action}</span>{" "}
          {!isAboutOneself && (
            <>
              <span className={styles.kind}>{kind ? t(`audit.kinds.${kind}`) : record.kind}</span>{" "}
              <b>{record.subject}</b>
            </>
          )}
        </span>
        <span className={styles.from}>{[record.origin, record.via].filter(Boolean).join(" · ")}</span>
      </p>
      <Changes record={record} />
    </li>
  );
}

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
          {records.map((record) => (
            <Deed key={record.id} record={record} />
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
