import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Point } from "@/api/types.ts";
import { useRested } from "@/components/use-rested.ts";
import { isStepped } from "@/lib/value-words.ts";
import { useLiveStore } from "@/live/live-context.ts";
import { sparksQuery } from "./queries.ts";
import { type Spark, sparksOf } from "./spark.ts";

const NONE: ReadonlyMap<number, Spark> = new Map();

/** The lines of the last hour by point, of those that are numbers; asked for when the page is not being scrolled. */
export function useSparks(
  points: readonly Point[],
  pointIds: ReadonlyMap<string, number> | undefined,
): ReadonlyMap<number, Spark> {
  const store = useLiveStore();
  const isRested = useRested();
  const numbers = useMemo(() => {
    const drawn = points.filter((point) => !isStepped(point) && point.type !== "string");
    return new Map(
      drawn.flatMap((point): [number, Point][] => {
        const id = pointIds?.get(point.key);
        return id === undefined ? [] : [[id, point]];
      }),
    );
  }, [points, pointIds]);
  const asked = sparksQuery([...numbers.keys()], store.serverNowMs);
  const trend = useQuery({ ...asked, enabled: isRested && numbers.size > 0, notifyOnChangeProps: ["data"] }).data;
  return useMemo(() => (trend ? sparksOf(trend, numbers) : NONE), [trend, numbers]);
}
