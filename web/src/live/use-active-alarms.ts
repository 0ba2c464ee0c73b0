import { useMemo, useSyncExternalStore } from "react";
import type { Point } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import { type ActiveAlarm, activeAlarms } from "@/lib/alarm-words.ts";
import { useLiveStore } from "./live-context.ts";

/** What the device itself says is the matter now; renders again only when that changes. */
export function useActiveAlarms(deviceId: number, points: readonly Point[]): readonly ActiveAlarm[] {
  const store = useLiveStore();
  const { language, spare } = useWords();
  const alarms = useMemo(() => points.filter((point) => point.alarm !== null), [points]);
  const valueNow = (point: Point) => store.value(store.device(deviceId)?.pointIds.get(point.key) ?? -1)?.value ?? 0;
  const snapshot = useSyncExternalStore(
    (listener) => store.onDevice(deviceId, listener),
    () => alarms.map(valueNow).join(),
  );
  return useMemo(() => {
    const values = new Map(alarms.map((point, place) => [point.key, Number(snapshot.split(",")[place])]));
    return activeAlarms(alarms, ({ key }) => values.get(key), language, spare);
  }, [alarms, snapshot, language, spare]);
}
