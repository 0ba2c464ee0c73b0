import { useQuery } from "@tanstack/react-query";
import { useReaches } from "@/api/use-session.ts";
import { Failed } from "@/components/failed.tsx";
import { NotYours } from "@/components/not-yours.tsx";
import { SettingsPage } from "@/components/settings-page.tsx";
import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";
import { AddUser } from "./add-user.tsx";
import { usersQuery } from "./queries.ts";
import { UserList } from "./user-list.tsx";

function Users() {
  const { t } = useWords();
  const users = useQuery(usersQuery);
  const isOwner = useReaches("owner");
  if (users.isPending) return <Skeletons count={3} height={64} label={t("users.loading")} layout="list" />;
  if (!users.data) return <Failed error={users.error} retry={() => void users.refetch()} />;
  return (
    <SettingsPage title={t("users.title")}>
      <UserList isOwner={isOwner} users={users.data} />
      {isOwner ? <AddUser /> : <p>{t("users.seen_only")}</p>}
    </SettingsPage>
  );
}

export function UsersPage() {
  const isAdmin = useReaches("admin");
  useHeartbeat();
  return isAdmin ? <Users /> : <NotYours />;
}
