import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/client.ts";

export const trendLogsQuery = queryOptions({
  queryKey: ["trend-logs"],
  queryFn: ({ signal }) => get("/api/history/trend-logs", {}, signal),
});
