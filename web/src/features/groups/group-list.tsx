import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "@/api/client.ts";
import { groupsQuery } from "@/api/queries.ts";
import type { GroupDetail } from "@/api/types.ts";
import { Confirm } from "@/components/confirm.tsx";
import { Row, RowList } from "@/components/row-list.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { AlertSummary } from "./alert-summary.tsx";

interface GroupListProps {
  groups: readonly GroupDetail[];
  /** Undefined for those who may not. */
  onEdit: ((group: GroupDetail) => void) | undefined;
}

export function GroupList({ groups, onEdit }: GroupListProps) {
  const { t, count } = useWords();
  const queries = useQueryClient();
  const [leaving, setLeaving] = useState<GroupDetail | null>(null);
  const drop = async () => {
    await send("delete", "/api/groups/{group_id}", undefined, { group_id: leaving?.id });
    await queries.invalidateQueries(groupsQuery);
  };
  const actions = (group: GroupDetail) =>
    onEdit && (
      <>
        <Button
          aria-label={t("groups.edit", { name: group.name })}
          onClick={() => onEdit(group)}
          size="xs"
          variant="default"
        >
          {t("form.edit")}
        </Button>
        <Button
          aria-label={t("groups.delete", { name: group.name })}
          onClick={() => setLeaving(group)}
          size="xs"
          variant="default"
        >
          {t("form.delete")}
        </Button>
      </>
    );
  return (
    <>
      <RowList label={t("groups.title")}>
        {groups.map((group) => (
          <Row
            actions={actions(group)}
            facts={[
              [t("groups.devices"), count(group.device_count)],
              [t("groups.alarms"), <AlertSummary group={group} key="alarms" />],
            ]}
            key={group.id}
            title={group.name}
          />
        ))}
      </RowList>
      <Confirm
        action={t("form.delete")}
        isOpen={leaving !== null}
        onClose={() => setLeaving(null)}
        onConfirm={drop}
        text={t("groups.delete_text", { name: leaving?.name ?? "" })}
        title={t("groups.delete_title")}
      />
    </>
  );
}
