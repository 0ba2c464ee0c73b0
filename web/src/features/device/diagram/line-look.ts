import type { Flow } from "./one-line.ts";

/** How a conductor is drawn: thick when live, thin and broken when dead, dotted when that is not known. */
export function lineLook(live: boolean | null, flow: Flow | null) {
  return {
    "data-live": live ?? "unknown",
    "data-flow": live ? (flow ?? "none") : "none",
  };
}
