import { queryOptions } from "@tanstack/react-query";
import { get, send } from "@/api/client.ts";

export const profileFilesQuery = queryOptions({
  queryKey: ["profiles", "files"],
  queryFn: ({ signal }) => get("/api/profiles/files", {}, signal),
});

export const profileNamesQuery = queryOptions({
  queryKey: ["profiles"],
  queryFn: ({ signal }) => get("/api/profiles", {}, signal),
});

export const profileSourceQuery = (key: string) =>
  queryOptions({
    queryKey: ["profiles", "files", key],
    queryFn: ({ signal }) => get("/api/profiles/files/{key}", { key }, signal),
    // What is being edited is not taken away by somebody else's change.
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What a text would be; asked anew for each text, once typing has paused. */
export const checkQuery = (source: string) =>
  queryOptions({
    queryKey: ["profiles", "check", source],
    queryFn: () => send("post", "/api/profiles/check", { source }),
    enabled: source.trim() !== "",
    gcTime: 10_000,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (previous) => previous,
  });
