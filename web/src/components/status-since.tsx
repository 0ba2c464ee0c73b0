import type { DeviceStatus } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";

interface StatusSinceProps {
  status: DeviceStatus;
  /** On this computer's clock. */
  sinceMs: number;
}

/** Since when a device answers, or does not; how its values are may have changed since. */
export function StatusSince({ status, sinceMs }: StatusSinceProps) {
  const { t, since } = useWords();
  return t(status === "online" ? "status.online_since" : "status.since", { time: since(sinceMs, Date.now()) });
}
