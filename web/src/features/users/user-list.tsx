import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "@/api/client.ts";
import type { Account } from "@/api/types.ts";
import { useUser } from "@/api/use-session.ts";
import { Confirm } from "@/components/confirm.tsx";
import { Row, RowList } from "@/components/row-list.tsx";
import { isLanguage, LANGUAGES } from "@/i18n/i18n.ts";
import { useWords } from "@/i18n/use-words.ts";
import { usersQuery } from "./queries.ts";

function languageName(code: string): string {
  return isLanguage(code) ? LANGUAGES[code] : code;
}

export function UserList({ users, isOwner }: { users: readonly Account[]; isOwner: boolean }) {
  const { t, time } = useWords();
  const me = useUser();
  const queries = useQueryClient();
  const [leaving, setLeaving] = useState<Account | null>(null);
  const drop = async () => {
    await send("delete", "/api/users/{user_id}", undefined, { user_id: leaving?.id });
    await queries.invalidateQueries(usersQuery);
  };
  return (
    <>
      <RowList label={t("users.title")}>
        {users.map((user) => (
          <Row
            actions={
              isOwner &&
              user.role !== "owner" && (
                <Button
                  aria-label={t("users.delete", { name: user.username })}
                  onClick={() => setLeaving(user)}
                  size="xs"
                  variant="default"
                >
                  {t("form.delete")}
                </Button>
              )
            }
            facts={[
              [t("users.role"), t(`role.${user.role}`)],
              [t("users.language"), languageName(user.language_preference)],
              [t("users.since"), time(Date.parse(user.created_at), "date")],
            ]}
            key={user.id}
            title={user.id === me?.user_id ? `${user.username} (${t("users.you")})` : user.username}
          />
        ))}
      </RowList>
      <Confirm
        action={t("form.delete")}
        isOpen={leaving !== null}
        onClose={() => setLeaving(null)}
        onConfirm={drop}
        text={t("users.delete_text", { name: leaving?.username ?? "" })}
        title={t("users.delete_title")}
      />
    </>
  );
}
