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

/** After so much silence what the page shows is no longer the present. */
export const SILENT_AFTER_MS = 5000;

/**
 * How far a value can be trusted now.
 *
 * While the server speaks, it is the judge: it knows which points are read seldom. When it has been silent for too
 * long, every good value is old.
 */
export function standing(live: LiveValue | undefined, silenceMs: number): Standing {
  if (!live) return "waiting";
  switch (live.quality) {
    case "bad":
      return "bad";
    case "uncertain":
      return live.reason === "stale" ? "stale" : "uncertain";
    case "good":
      return silenceMs > SILENT_AFTER_MS ? "stale" : "good";
    default:
      return live.quality satisfies never;
  }
}
