import type { Point, Thresholds } from "@/api/types.ts";
import type { DayRange } from "./queries.ts";

export type Severity = "normal" | "warning" | "critical";

/** A part of the scale, as fractions of its width. */
export interface Zone {
  readonly from: number;
  readonly to: number;
  readonly severity: Severity;
}

export interface RangeScale {
  readonly zones: readonly Zone[];
  /** From the lowest to the highest of the day. */
  readonly day: readonly [number, number] | null;
  readonly value: number | null;
  /** Where 0 is, or the end that is nearest to it. */
  readonly zero: number;
}

const MARGIN = 0.12;

function known(...values: (number | null | undefined)[]): number[] {
  return values.filter((value): value is number => typeof value === "number" && Number.isFinite(value));
}

/** Where a scale begins and ends: at what is valid when that is told, else around limits and what was. */
function endsOf(point: Point, limits: Thresholds | null, day: DayRange | null, value: number | null) {
  const inner = known(
    limits?.critical_lower,
    limits?.warning_lower,
    limits?.warning_upper,
    limits?.critical_upper,
    day?.min,
    day?.max,
    value,
  );
  const low = Math.min(...inner);
  const high = Math.max(...inner);
  const margin = Math.max(high - low, Math.abs(high) * 0.01, 1e-9) * MARGIN;
  return {
    low: limits ? low - margin : Math.min(point.valid_low ?? low - margin, low),
    high: limits ? high + margin : Math.max(point.valid_high ?? high + margin, high),
  };
}

/** The limits, the day and the value of a point on one line; null when there is nothing to compare the value with. */
export function rangeScale(
  point: Point,
  limits: Thresholds | null,
  day: DayRange | null,
  value: number | null,
): RangeScale | null {
  const hasValid = point.valid_low !== null && point.valid_high !== null;
  if ((!limits && !hasValid) || known(day?.min, value).length === 0) return null;
  const { low, high } = endsOf(point, limits, day, value);
  const at = (one: number) => Math.min(1, Math.max(0, (one - low) / (high - low)));
  const bounds = [limits?.critical_lower, limits?.warning_lower, limits?.warning_upper, limits?.critical_upper];
  const [criticalLow, warningLow, warningHigh, criticalHigh] = bounds.map((bound) =>
    bound === null ? undefined : bound,
  );
  const edges = [
    0,
    at(criticalLow ?? low),
    at(warningLow ?? criticalLow ?? low),
    at(warningHigh ?? criticalHigh ?? high),
    at(criticalHigh ?? high),
    1,
  ];
  const severities: Severity[] = ["critical", "warning", "normal", "warning", "critical"];
  const zones = severities.map((severity, index) => ({
    from: edges[index] ?? 0,
    to: edges[index + 1] ?? 1,
    severity,
  }));
  return {
    zones: zones.filter((zone) => zone.to > zone.from),
    day: day && [at(day.min), at(day.max)],
    value: value === null ? null : at(value),
    zero: at(0),
  };
}
