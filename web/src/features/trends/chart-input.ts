import type { Trend } from "@/api/types.ts";
import type { Words } from "@/i18n/use-words.ts";
import type { ChartPoint } from "./chart-points.ts";
import type { Scheme } from "./palette.ts";
import type { Bounds } from "./time-range.ts";

/** All that a chart is drawn from. */
export interface ChartInput {
  readonly points: readonly ChartPoint[];
  readonly trend: Trend;
  readonly view: Bounds;
  readonly scheme: Scheme;
  readonly words: Words;
}
