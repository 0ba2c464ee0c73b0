import { useEffect, useState } from "react";
import { useLiveStore } from "@/live/live-context.ts";
import type { LiveStore } from "@/live/live-store.ts";
import type { ChartPoint } from "./chart-points.ts";
import type { LiveSample } from "./columns.ts";

export type Tails = ReadonlyMap<number, readonly LiveSample[]>;

/** More than come between two answers of the history; older ones go first, and the next answer has them. */
const MOST_SAMPLES = 600;
const NONE: Tails = new Map();

function sampleOf(store: LiveStore, pointId: number): LiveSample | null {
  const live = store.value(pointId);
  if (!live?.at || live.text !== null) return null;
  return { atMs: Date.parse(live.at), value: live.quality === "bad" ? null : live.value };
}

/** What the live stream says of the points while `isOn`: the newest samples, before the history is asked again. */
export function useTails(points: readonly ChartPoint[], isOn: boolean): Tails {
  const store = useLiveStore();
  const [tails, setTails] = useState<Tails>(NONE);
  const ids = points.map(({ point }) => point.id).join(" ");

  useEffect(() => {
    if (!isOn || ids === "") return;
    const kept = new Map<number, readonly LiveSample[]>();
    const pointIds = ids.split(" ").map(Number);
    const leave = pointIds.map((id) =>
      store.onPoint(id, () => {
        const sample = sampleOf(store, id);
        const known = kept.get(id) ?? [];
        if (!sample || sample.atMs <= (known.at(-1)?.atMs ?? 0)) return;
        kept.set(id, [...known.slice(1 - MOST_SAMPLES), sample]);
        setTails(new Map(kept));
      }),
    );
    return () => {
      for (const each of leave) each();
      setTails(NONE);
    };
  }, [store, ids, isOn]);
  return tails;
}
