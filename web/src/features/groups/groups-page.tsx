import { useQuery } from "@tanstack/react-query";
import { devicesQuery, groupsQuery } from "@/api/queries.ts";
import type { GroupDetail } from "@/api/types.ts";
import { useReaches } from "@/api/use-session.ts";
import { AddButton } from "@/components/add-button.tsx";
import { Answered } from "@/components/answered.tsx";
import { Notice } from "@/components/notice.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { useEdited } from "@/components/use-edited.ts";
import { Wrong } from "@/components/wrong.tsx";
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
  const devices = useQuery(devicesQuery);
  const { edited, isOpen, open, close } = useEdited<GroupDetail>();
  const add = isAdmin && <AddButton onClick={() => open(null)} words={t("groups.add")} />;
  return (
    <Answered loading={t("groups.loading")} query={groups} title={t("groups.title")}>
      {(found) => (
        <SettingsPage action={add} title={t("groups.title")}>
          {found.length === 0 && <Notice icon="empty" text={t("groups.none_text")} title={t("groups.none_title")} />}
          {found.length > 0 && <GroupList groups={found} onEdit={isAdmin ? open : undefined} />}
          {devices.error && <Wrong error={devices.error} />}
          <GroupDialog devices={devices.data ?? []} group={edited} isOpen={isOpen} onClose={close} onSaved={close} />
        </SettingsPage>
      )}
    </Answered>
  );
}
