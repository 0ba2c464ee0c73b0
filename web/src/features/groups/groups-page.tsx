import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { devicesQuery, groupsQuery } from "@/api/queries.ts";
import type { GroupDetail } from "@/api/types.ts";
import { useReaches } from "@/api/use-session.ts";
import { Failed } from "@/components/failed.tsx";
import { Icon } from "@/components/icon.tsx";
import { Notice } from "@/components/notice.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { GroupDialog } from "./group-dialog.tsx";
import { GroupList } from "./group-list.tsx";

const ALERTS_POLL_MS = 5000;

/** Devices that belong together: everybody sees them, admins make, change and delete them. */
export function GroupsPage() {
  const { t } = useWords();
  const isAdmin = useReaches("admin");
  useHeartbeat();
  const groups = useQuery({ ...groupsQuery, refetchInterval: ALERTS_POLL_MS });
  const devices = useQuery(devicesQuery).data ?? [];
  const [edited, setEdited] = useState<GroupDetail | null>(null);
  const [isOpen, setOpen] = useState(false);
  if (groups.isPending) return <Skeletons count={3} height={64} label={t("groups.loading")} layout="list" />;
  if (!groups.data) return <Failed error={groups.error} retry={() => void groups.refetch()} />;
  const open = (group: GroupDetail | null) => {
    setEdited(group);
    setOpen(true);
  };
  const close = () => setOpen(false);
  const add = isAdmin && (
    <Button leftSection={<Icon name="plus" />} onClick={() => open(null)}>
      {t("groups.add")}
    </Button>
  );
  return (
    <SettingsPage action={add} title={t("groups.title")}>
      {groups.data.length === 0 && (
        <Notice icon="empty" text={t("groups.none_text")} title={t("groups.none_title")} />
      )}
      {groups.data.length > 0 && <GroupList groups={groups.data} onEdit={isAdmin ? open : undefined} />}
      <GroupDialog devices={devices} group={edited} isOpen={isOpen} onClose={close} onSaved={close} />
    </SettingsPage>
  );
}
