import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/client.ts";
import { ApiError } from "@/api/errors.ts";
import type { SystemHealth, SystemMetrics } from "@/api/types.ts";

const HEALTH_POLL_MS = 5000;
const BACKUP_POLL_MS = 2000;

export const configurationQuery = queryOptions({
  queryKey: ["configuration"],
  queryFn: ({ signal }) => get("/api/system/config", {}, signal),
});

/** Looked at often while one is being made. */
export const backupsQuery = queryOptions({
  queryKey: ["backups"],
  queryFn: ({ signal }) => get("/api/system/backups", { limit: 100 }, signal),
  refetchInterval: (query) =>
    query.state.data?.backups.some((backup) => backup.status === "in_progress") ? BACKUP_POLL_MS : false,
});

export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => get("/api/health", {}, signal),
  refetchInterval: HEALTH_POLL_MS,
});

/** An unhealthy system still says how it is, with the status 503. */
export const systemHealthQuery = queryOptions({
  queryKey: ["system-health"],
  queryFn: async ({ signal }): Promise<SystemHealth | null> => {
    try {
      return await get("/api/system/health", {}, signal);
    } catch (error) {
      if (error instanceof ApiError && error.status === 503) return null;
      throw error;
    }
  },
  refetchInterval: HEALTH_POLL_MS,
});

/** How well the system does its work, with the bounds of what is well. */
export const metricsQuery = queryOptions({
  queryKey: ["system-metrics"],
  queryFn: async ({ signal }): Promise<SystemMetrics> => {
    const { data, error } = await get("/api/health/metrics", {}, signal);
    if (data === null) throw new Error(error ?? "no figures");
    return data;
  },
  refetchInterval: HEALTH_POLL_MS,
});
