import { useSyncExternalStore } from "react";
import { session } from "@/api/session.ts";

export function useSessionState() {
  return useSyncExternalStore(session.subscribe, session.state);
}

/** Who is signed in; null while nobody is. */
export function useUser() {
  return useSyncExternalStore(session.subscribe, session.user);
}
