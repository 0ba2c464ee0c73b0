import type { Trend, TrendSeries } from "@/api/types.ts";
import type { Words } from "@/i18n/use-words.ts";
import type { ChartPoint } from "./chart-points.ts";
import type { Scheme } from "./palette.ts";

/** The same points in an earlier period, and how much later than it was it is drawn. */
export interface Earlier {
  readonly trend: Trend;
  readonly byMs: number;
}

/** What a chart looks like, whatever is in it. */
export interface ChartLook {
  readonly points: readonly ChartPoint[];
  readonly scheme: Scheme;
  readonly words: Words;
  /** On whose clocks times are told. */
  readonly zone: string;
  readonly showsLimits: boolean;
}

/** All that a chart is drawn from. */
export interface ChartInput extends ChartLook {
  readonly trend: Trend;
  readonly earlier: Earlier | null;
}

export function seriesFor(trend: Trend, pointId: number): TrendSeries | undefined {
  return trend.series.find((one) => one.point_id === pointId);
}
