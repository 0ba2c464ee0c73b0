import { useQuery } from "@tanstack/react-query";
import { useReaches } from "@/api/use-session.ts";
import { Answered } from "@/components/answered.tsx";
import { NotYours } from "@/components/not-yours.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { AddUser } from "./add-user.tsx";
import { usersQuery } from "./queries.ts";
import { UserList } from "./user-list.tsx";

function Users() {
  const { t } = useWords();
  const users = useQuery(usersQuery);
  const isOwner = useReaches("owner");
  return (
    <Answered loading={t("users.loading")} query={users} title={t("users.title")}>
      {(found) => (
        <SettingsPage title={t("users.title")}>
          <UserList isOwner={isOwner} users={found} />
          {isOwner ? <AddUser /> : <p>{t("users.seen_only")}</p>}
        </SettingsPage>
      )}
    </Answered>
  );
}

export function UsersPage() {
  const isAdmin = useReaches("admin");
  useHeartbeat();
  return isAdmin ? <Users /> : <NotYours />;
}
