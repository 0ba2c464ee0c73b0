import type { IconName } from "@/components/icon.tsx";
import type { LiveValue } from "./live-store.ts";

export type Standing = "waiting" | "good" | "stale" | "uncertain" | "bad";

export const STANDING_ICONS = {
  waiting: "uncertain",
  good: "good",
  stale: "uncertain",
  uncertain: "unknown",
  bad: "bad",
} as const satisfies Record<Standing, IconName>;

/** A value may be this old before it looks old, whoever is to blame: the device, the server or the network. */
export function staleAfterMs(intervalS: number): number {
  return Math.max(5000, 3000 * intervalS + 1000);
}

/** How far a value can be trusted now. A good value that nobody renews turns stale by its age alone. */
export function standing(live: LiveValue | undefined, nowMs: number, limitMs: number): Standing {
  if (!live) return "waiting";
  switch (live.quality) {
    case "bad":
      return "bad";
    case "uncertain":
      return live.reason === "stale" ? "stale" : "uncertain";
    case "good":
      return live.atMs !== null && nowMs - live.atMs > limitMs ? "stale" : "good";
    default:
      return live.quality satisfies never;
  }
}
