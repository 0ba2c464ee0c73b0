import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/client.ts";

export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: ({ signal }) => get("/api/users", {}, signal),
});
