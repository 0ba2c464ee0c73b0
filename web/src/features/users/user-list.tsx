import { send } from "@/api/client.ts";
import type { Account } from "@/api/types.ts";
import { useUser } from "@/api/use-session.ts";
import { Row, RowList } from "@/components/row-list.tsx";
import { DeleteButton, useDeletion } from "@/components/use-deletion.tsx";
import { isLanguage, LANGUAGES } from "@/i18n/i18n.ts";
import { useWords } from "@/i18n/use-words.ts";
import { usersQuery } from "./queries.ts";

function languageName(code: string): string {
  return isLanguage(code) ? LANGUAGES[code] : code;
}

export function UserList({ users, isOwner }: { users: readonly Account[]; isOwner: boolean }) {
  const { t, time } = useWords();
  const me = useUser();
  const deletion = useDeletion<Account>({
    stale: usersQuery,
    drop: ({ id }) => send("delete", "/api/users/{user_id}", undefined, { user_id: id }),
    title: t("users.delete_title"),
    text: (user) => t("users.delete_text", { name: user?.username ?? "" }),
  });
  return (
    <>
      <RowList facts={3} label={t("users.title")}>
        {users.map((user) => (
          <Row
            actions={
              isOwner &&
              user.role !== "owner" && (
                <DeleteButton label={t("users.delete", { name: user.username })} onClick={() => deletion.ask(user)} />
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
      {deletion.question}
    </>
  );
}
