import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/client.ts";

export const profilesQuery = queryOptions({
  queryKey: ["profiles"],
  queryFn: ({ signal }) => get("/api/profiles", {}, signal),
  staleTime: 60_000,
});
