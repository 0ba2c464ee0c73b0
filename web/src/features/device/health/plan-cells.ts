import type { Plan, Point } from "@/api/types.ts";

export type PlanRequest = Plan["groups"][number]["requests"][number];

/** A run of registers of a request that belong to points, or that are read because they lie between such. */
export interface CellRun {
  readonly first: number;
  readonly count: number;
  readonly isWanted: boolean;
  /** Of the points that begin here. */
  readonly keys: readonly string[];
}

function registersOf(type: string): number {
  if (type.endsWith("64")) return 4;
  return type.endsWith("32") ? 2 : 1;
}

/** Which registers of a request are of points, in runs from its first to its last. */
export function cellRuns(request: PlanRequest, points: readonly Point[]): CellRun[] {
  const keysAt = new Map<number, string[]>();
  for (const point of points) {
    if (point.table !== request.table) continue;
    for (let at = point.address; at < point.address + registersOf(point.type); at += 1)
      keysAt.set(at, [...(keysAt.get(at) ?? []), point.key]);
  }
  const runs: CellRun[] = [];
  for (let at = request.first; at < request.first + request.count; at += 1) {
    const keys = keysAt.get(at) ?? [];
    const isWanted = keys.length > 0;
    const last = runs.at(-1);
    if (last && last.isWanted === isWanted)
      runs[runs.length - 1] = { ...last, count: last.count + 1, keys: [...new Set([...last.keys, ...keys])] };
    else runs.push({ first: at, count: 1, isWanted, keys });
  }
  return runs;
}
