import type { Thresholds } from "@/api/types.ts";
import type { Words } from "@/i18n/use-words.ts";
import { axisKey, type ChartPoint, NO_AXIS } from "./chart-points.ts";

export type Severity = "warning" | "critical";

/** A threshold of a point: beyond it values are a warning, or critical. */
export interface Limit {
  readonly place: number;
  readonly axis: string;
  readonly value: number;
  readonly severity: Severity;
  readonly isUpper: boolean;
  /** Where the region ends: at the next limit, or never. */
  readonly until: number;
}

const BOUNDS = [
  { key: "warning_lower", next: "critical_lower", severity: "warning", isUpper: false },
  { key: "critical_lower", next: null, severity: "critical", isUpper: false },
  { key: "warning_upper", next: "critical_upper", severity: "warning", isUpper: true },
  { key: "critical_upper", next: null, severity: "critical", isUpper: true },
] as const satisfies readonly {
  key: keyof Thresholds;
  next: keyof Thresholds | null;
  severity: Severity;
  isUpper: boolean;
}[];

function limitsOfPoint({ point, thresholds }: ChartPoint, place: number): Limit[] {
  if (!thresholds || axisKey(point) === NO_AXIS) return [];
  return BOUNDS.flatMap(({ key, next, severity, isUpper }) => {
    const value = thresholds[key];
    if (value === null) return [];
    const until = (next && thresholds[next]) ?? (isUpper ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY);
    return [{ place, axis: axisKey(point), value, severity, isUpper, until }];
  });
}

export function limitsOf(points: readonly ChartPoint[]): Limit[] {
  return points.flatMap(limitsOfPoint);
}

/** What a limit is called on its line; with its point's number where there are several points. */
export function limitText(limit: Limit, point: ChartPoint["point"], isAlone: boolean, words: Words): string {
  const sign = limit.isUpper ? ">" : "<";
  const value = words.number(limit.value, point.decimals);
  const text = `${words.t(`trends.${limit.severity}`)} ${sign} ${value}`;
  return isAlone ? text : `${limit.place + 1} · ${text}`;
}

/** How much of the height the values keep when a scale grows to show a limit. */
const LEAST_SHARE = 0.4;
const MARGIN = 0.05;

/** A scale that holds the values, and the limits that are near them. */
export function scaleRange(low: number | null, high: number | null, limits: readonly number[]): [number, number] {
  if (low === null || high === null) return [0, 1];
  const wide = Math.max(high - low, Math.abs(high) * 0.01, 1e-9);
  const most = wide / LEAST_SHARE;
  const near = limits.filter((limit) => Math.max(limit, high) - Math.min(limit, low) <= most);
  const lowest = Math.min(low, ...near);
  const highest = Math.max(high, ...near);
  const margin = Math.max(highest - lowest, wide) * MARGIN;
  return [lowest - margin, highest + margin];
}
