import type { Alert, DeviceStatus } from "@/api/types.ts";
import type { IconName } from "./icon.tsx";

/** How a device is, the worst first: one word for whether it answers and what its values are. */
export const DEVICE_STATES = ["critical", "warning", "offline", "error", "unknown", "normal"] as const;
export type DeviceState = (typeof DEVICE_STATES)[number];

export const STATE_ICONS = {
  critical: "critical",
  warning: "warning",
  offline: "offline",
  error: "error",
  unknown: "unknown",
  normal: "online",
} as const satisfies Record<DeviceState, IconName>;

/** A device that answers is as its values are; of one whose values are all old nothing is known, as if it were away. */
export function stateOf(status: DeviceStatus, alert: Alert = "normal"): DeviceState {
  return status === "online" ? alert : status;
}
