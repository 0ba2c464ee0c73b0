import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/client.ts";

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => get("/api/tokens", {}, signal),
});
