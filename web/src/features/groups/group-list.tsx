import { send } from "@/api/client.ts";
import { groupsQuery } from "@/api/queries.ts";
import type { GroupDetail } from "@/api/types.ts";
import { EditButton } from "@/components/edit-button.tsx";
import { Row, RowList } from "@/components/row-list.tsx";
import { DeleteButton, useDeletion } from "@/components/use-deletion.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { AlertSummary } from "./alert-summary.tsx";

interface GroupListProps {
  groups: readonly GroupDetail[];
  /** Undefined for those who may not. */
  onEdit: ((group: GroupDetail) => void) | undefined;
}

export function GroupList({ groups, onEdit }: GroupListProps) {
  const { t, count } = useWords();
  const deletion = useDeletion<GroupDetail>({
    stale: groupsQuery,
    drop: ({ id }) => send("delete", "/api/groups/{group_id}", undefined, { group_id: id }),
    title: t("groups.delete_title"),
    text: (group) => t("groups.delete_text", { name: group?.name ?? "" }),
  });
  const actions = (group: GroupDetail) =>
    onEdit && (
      <>
        <EditButton label={t("groups.edit", { name: group.name })} onClick={() => onEdit(group)} />
        <DeleteButton label={t("groups.delete", { name: group.name })} onClick={() => deletion.ask(group)} />
      </>
    );
  return (
    <>
      <RowList facts={2} label={t("groups.title")}>
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
      {deletion.question}
    </>
  );
}
