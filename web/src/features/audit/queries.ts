import { infiniteQueryOptions } from "@tanstack/react-query";
import { get } from "@/api/client.ts";
import type { AuditFilter } from "./audit-filter.ts";
import { askedOf } from "./audit-filter.ts";

const PAGE = 50;

/** Newest first, page by page. */
export const auditQuery = (filter: AuditFilter, zone: string) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter, zone],
    queryFn: ({ pageParam, signal }) =>
      get(
        "/api/audit",
        { ...askedOf(filter, zone), limit: PAGE, ...(pageParam !== null && { before: pageParam }) },
        signal,
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_before,
    placeholderData: (previous) => previous,
  });
