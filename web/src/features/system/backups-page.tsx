import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "react-router";
import { send } from "@/api/client.ts";
import { useReaches } from "@/api/use-session.ts";
import { NotYours } from "@/components/not-yours.tsx";
import { Notice } from "@/components/notice.tsx";
import { Outdated } from "@/components/outdated.tsx";
import { RowList } from "@/components/row-list.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { Unanswered } from "@/components/unanswered.tsx";
import { Wrong } from "@/components/wrong.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { BackupRow } from "./backup-row.tsx";
import { backupsQuery } from "./queries.ts";

/** The button of the owner, busy for as long as a backup is being made. */
function useBeginning(isBusy: boolean) {
  const { t } = useWords();
  const queries = useQueryClient();
  const isOwner = useReaches("owner");
  const beginning = useMutation({
    mutationFn: () => send("post", "/api/system/backup", undefined),
    onSuccess: () => queries.invalidateQueries(backupsQuery),
  });
  const button = isOwner && (
    <Button loading={beginning.isPending || isBusy} onClick={() => beginning.mutate()}>
      {t("backups.now")}
    </Button>
  );
  return { button, error: beginning.error };
}

function Backups() {
  const { t } = useWords();
  const found = useQuery(backupsQuery);
  const isBusy = found.data?.backups.some((backup) => backup.status === "in_progress") ?? false;
  const { button, error } = useBeginning(isBusy);
  if (!found.data) return <Unanswered loading={t("backups.loading")} query={found} title={t("backups.title")} />;
  const { backups } = found.data;
  return (
    <SettingsPage action={button} title={t("backups.title")}>
      <Outdated query={found} />
      {error && <Wrong error={error} />}
      <p aria-live="polite">{isBusy && t("backups.begun")}</p>
      {backups.length === 0 ? (
        <Notice icon="empty" text={t("backups.none_text")} title={t("backups.none_title")}>
          <Button component={Link} to="/configuration" variant="default">
            {t("backups.to_configuration")}
          </Button>
        </Notice>
      ) : (
        <RowList facts={4} label={t("backups.title")}>
          {backups.map((backup) => (
            <BackupRow backup={backup} key={backup.id} />
          ))}
        </RowList>
      )}
    </SettingsPage>
  );
}

export function BackupsPage() {
  const isAdmin = useReaches("admin");
  useHeartbeat();
  return isAdmin ? <Backups /> : <NotYours />;
}
