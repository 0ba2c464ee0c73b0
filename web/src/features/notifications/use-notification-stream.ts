import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { FetchSource } from "@/live/fetch-source.ts";
import { Stream } from "@/live/stream.ts";
import { refresh } from "./queries.ts";

/** The server beats every half minute. */
const SILENCE_MS = 75_000;

/** Events are single objects: a notification has an id, a beat has none. */
function parse(data: string): readonly { id?: number }[] | null {
  try {
    const event: unknown = JSON.parse(data);
    return typeof event === "object" && event !== null ? [event] : null;
  } catch {
    return null;
  }
}

/**
 * Asks for the notifications anew whenever there is a new one, and when the stream stands again.
 *
 * Only while the page is in view: a browser has few connections to one server, and hidden tabs would use them up.
 */
export function useNotificationStream() {
  const queries = useQueryClient();
  useEffect(() => {
    let stream: Stream<{ id?: number }> | null = null;
    const open = () => {
      let isFirst = true;
      stream = new Stream("/api/notifications/stream", SILENCE_MS, {
        openSource: (url) => new FetchSource(url),
        parse,
        now: Date.now,
        random: Math.random,
        onConnection: ({ state }) => {
          isFirst ||= state !== "live";
        },
        onBatch: ([event]) => {
          if (isFirst || event?.id !== undefined) void refresh(queries);
          isFirst = false;
        },
      });
    };
    const follow = () => {
      stream?.close();
      stream = null;
      if (document.visibilityState === "visible") open();
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      stream?.close();
    };
  }, [queries]);
}
