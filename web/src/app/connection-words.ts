import type { IconName } from "@/components/icon.tsx";
import type { Words } from "@/i18n/use-words.ts";
import type { Connection } from "@/live/stream.ts";

export const CONNECTION_ICONS = {
  idle: "reconnecting",
  connecting: "reconnecting",
  live: "live",
  reconnecting: "reconnecting",
  lost: "offline",
} as const satisfies Record<Connection["state"], IconName>;

export function connectionWord(state: Connection["state"], t: Words["t"]): string {
  return state === "idle" ? t("connection.connecting") : t(`connection.${state}`);
}

/** When the next try comes, counted down. */
export function nextTry(connection: Connection, nowMs: number, { t, age }: Words): string {
  if (connection.retryAtMs === null) return "";
  const leftMs = connection.retryAtMs - nowMs;
  return leftMs < 1000 ? t("connection.trying") : t("connection.next_try", { wait: age(leftMs) });
}
