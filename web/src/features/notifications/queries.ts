import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { get, send } from "@/api/client.ts";
import type { Severity } from "@/api/types.ts";

const KEY = ["notifications"];
const POLL_MS = 60_000;

/** Asked again now and then, in case the stream is closed. */
export const unreadQuery = queryOptions({
  queryKey: [...KEY, "unread"],
  queryFn: async ({ signal }) => (await get("/api/notifications/unread-count", {}, signal)).unread_count,
  refetchInterval: POLL_MS,
});

export interface Wanted {
  readonly limit: number;
  readonly unreadOnly: boolean;
  readonly withDismissed: boolean;
  readonly severity: Severity | null;
}

export const newest = (limit: number): Wanted => ({ limit, unreadOnly: false, withDismissed: false, severity: null });

/** Newest first. The shorter list stays while the longer one loads. */
export const notificationsQuery = ({ limit, unreadOnly, withDismissed, severity }: Wanted) =>
  queryOptions({
    queryKey: [...KEY, "list", limit, unreadOnly, withDismissed, severity],
    queryFn: ({ signal }) =>
      get(
        "/api/notifications",
        {
          limit,
          unread_only: unreadOnly,
          include_dismissed: withDismissed,
          ...(severity && { severity }),
        },
        signal,
      ),
    placeholderData: (previous) => previous,
  });

/** Everything about notifications is asked for anew. */
export const refresh = (queries: QueryClient) => queries.invalidateQueries({ queryKey: KEY });

export const markRead = (id: number) =>
  send("put", "/api/notifications/{notification_id}/read", undefined, { notification_id: id });
export const markAllRead = () => send("put", "/api/notifications/read-all", undefined);
export const dismiss = (id: number) =>
  send("delete", "/api/notifications/{notification_id}", undefined, { notification_id: id });
