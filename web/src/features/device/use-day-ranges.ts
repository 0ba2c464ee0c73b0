import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Point } from "@/api/types.ts";
import { isStepped } from "@/lib/value-words.ts";
import { atWall, wallOf } from "@/lib/zone.ts";
import { type DayRange, dayQuery } from "./queries.ts";

const AT_ONCE = 20;

/** A range says something of what is measured, not of states and texts. */
export function hasRange(point: Point): boolean {
  return point.type !== "string" && !isStepped(point) && Object.keys(point.labels).length === 0;
}

export function dayStartMs(nowMs: number, zone: string): number {
  const { year, month, day } = wallOf(nowMs, zone);
  return atWall({ year, month, day }, zone);
}

/** What the points were at least and at most since `startMs`; asked for while `isWanted`. */
export function useDayRanges(points: readonly Point[], startMs: number, isWanted: boolean) {
  const ids = points.filter(hasRange).map((point) => point.id);
  const chunks = Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, index) =>
    ids.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
  const answers = useQueries({
    queries: chunks.map((chunk) => ({ ...dayQuery(chunk, startMs), enabled: isWanted })),
  });
  const version = answers.map((answer) => answer.dataUpdatedAt).join(" ");
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when there are other answers
  return useMemo(
    (): ReadonlyMap<number, DayRange> => new Map(answers.flatMap((answer) => answer.data ?? [])),
    [version],
  );
}
