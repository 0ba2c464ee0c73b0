import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Wrong } from "@/components/wrong.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { markAllRead, refresh, unreadQuery } from "./queries.ts";

export function MarkAllRead() {
  const { t } = useWords();
  const queries = useQueryClient();
  const unread = useQuery(unreadQuery).data ?? 0;
  const reading = useMutation({ mutationFn: markAllRead, onSettled: () => refresh(queries) });
  return (
    <>
      <Button
        disabled={unread === 0}
        loading={reading.isPending}
        onClick={() => reading.mutate()}
        size="compact-sm"
        variant="default"
      >
        {t("notifications.read_all")}
      </Button>
      {reading.error && <Wrong error={reading.error} />}
    </>
  );
}
