import { useSyncExternalStore } from "react";
import { seconds } from "@/lib/ticker.ts";
import { type Standing, standing } from "./freshness.ts";
import { useLiveStore } from "./live-context.ts";
import type { LiveValue } from "./live-store.ts";

/** The standing of a value as time passes; renders again only when it changes. */
export function useStanding(live: LiveValue | undefined): Standing {
  const store = useLiveStore();
  return useSyncExternalStore(seconds.subscribe, () => standing(live, seconds.get() - store.heardMs()));
}
