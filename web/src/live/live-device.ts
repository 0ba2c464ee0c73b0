import type { Alert, Cause, DeviceStatus, Latest, Trouble, Value } from "@/api/types.ts";

/** Whether a device answers, since when, and what its values are by their thresholds. */
export interface LiveDevice {
  readonly status: DeviceStatus;
  readonly statusSinceMs: number;
  readonly alert: Alert;
  readonly trouble: Trouble | null;
  readonly error: string | null;
  readonly cause: Cause | null;
  readonly readAtMs: number | null;
  readonly pointIds: ReadonlyMap<string, number>;
}

/** Whether nothing changed that is worth a look; when it was read last is not. */
export function sameStanding(known: LiveDevice, next: LiveDevice): boolean {
  return (
    known.status === next.status &&
    known.statusSinceMs === next.statusSinceMs &&
    known.alert === next.alert &&
    known.trouble === next.trouble &&
    known.error === next.error &&
    known.pointIds === next.pointIds
  );
}

function samePoints(known: ReadonlyMap<string, number>, values: readonly Value[]): boolean {
  return known.size === values.length && values.every((value) => known.get(value.key) === value.point_id);
}

export function liveDevice(latest: Latest, known: LiveDevice | undefined): LiveDevice {
  return {
    status: latest.status,
    statusSinceMs: Date.parse(latest.status_since),
    alert: latest.alert,
    trouble: latest.trouble,
    error: latest.error,
    cause: latest.cause,
    readAtMs: latest.timestamp === null ? null : Date.parse(latest.timestamp),
    pointIds:
      known && samePoints(known.pointIds, latest.values)
        ? known.pointIds
        : new Map(latest.values.map((value) => [value.key, value.point_id])),
  };
}
