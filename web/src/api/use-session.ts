import { useSyncExternalStore } from "react";
import { session } from "@/api/session.ts";
import type { Role } from "@/api/types.ts";

export function useSessionState() {
  return useSyncExternalStore(session.subscribe, session.state);
}

/** Who is signed in; null while nobody is. */
export function useUser() {
  return useSyncExternalStore(session.subscribe, session.user);
}

const RANKS: Record<Role, number> = { read_only: 0, admin: 1, owner: 2 };

/** Whether who is signed in has this role or a higher one: what is shown. What is allowed the server decides. */
export function useReaches(role: Role): boolean {
  const user = useUser();
  return user !== null && RANKS[user.role] >= RANKS[role];
}
