import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useWords } from "@/i18n/use-words.ts";
import { type PointRef, refText } from "@/lib/trend-link.ts";
import { isStepped } from "@/lib/value-words.ts";
import { useLiveStore } from "@/live/live-context.ts";
import type { ChartInput, ChartLook } from "./chart-input.ts";
import type { ChartPoint } from "./chart-points.ts";
import { extended } from "./columns.ts";
import { withTimeMeans } from "./means.ts";
import type { Scheme } from "./palette.ts";
import { type Figures, figuresQuery, type TrendRequest, trendQuery } from "./queries.ts";
import { isFollowing } from "./time-range.ts";
import { useTails } from "./use-tails.ts";
import type { TrendUrl } from "./use-trend-url.ts";

export type FiguresByPoint = ReadonlyMap<number, Figures>;

const NO_FIGURES: FiguresByPoint = new Map();
const NO_POINTS: readonly ChartPoint[] = [];

/** Of a column this much is still told from the next. */
const COLUMN_PX = 1.25;

/** Widths are asked for in steps, so that a window being resized does not ask a hundred times. */
function bucketsFor(widthPx: number): number {
  return widthPx === 0 ? 0 : Math.min(2000, Math.max(100, Math.ceil(widthPx / COLUMN_PX / 100) * 100));
}

/** How long a state may have held without a sample, of the points that are states. */
function leadOf(points: readonly ChartPoint[]): number {
  return Math.max(0, ...points.map(({ point }) => (isStepped(point) ? point.recorded_every_s * 1000 : 0)));
}

interface RequestParts {
  /** Null until it is known what the address names. */
  known: readonly ChartPoint[] | null;
  asked: readonly PointRef[];
  zone: string;
  widthPx: number;
}

/** What is asked for a chart of this width. */
export function requestFor({ range }: TrendUrl, { known, asked, zone, widthPx }: RequestParts): TrendRequest {
  return {
    points: asked.map(refText),
    range,
    zone,
    buckets: bucketsFor(widthPx),
    comparison: null,
    leadMs: leadOf(known ?? NO_POINTS),
  };
}

interface Surroundings {
  /** What is asked of the history: the points and more, and before they are known. */
  asked: readonly PointRef[];
  zone: string;
  scheme: Scheme;
  widthPx: number;
}

/**
 * All that the page shows of its points: history, what came since, what was earlier, and exact figures.
 *
 * `known` is null until the points are; their curves are on their way by then, and are drawn as soon as they are.
 */
export function useTrend(
  known: readonly ChartPoint[] | null,
  url: TrendUrl,
  { asked, zone, scheme, widthPx }: Surroundings,
) {
  const words = useWords();
  const { serverNowMs } = useLiveStore();
  const { range, comparison, showsLimits } = url;
  const points = known ?? NO_POINTS;
  const request = requestFor(url, { known, asked, zone, widthPx });
  const query = useQuery(trendQuery(request, serverNowMs));
  const compared = { ...request, comparison };
  const earlierQuery = useQuery({
    ...trendQuery(compared, serverNowMs),
    enabled: comparison !== null && request.points.length > 0 && widthPx > 0,
  });
  // Figures are asked for when the curve is there: what is seen first comes first.
  const isDrawn = known !== null && query.data !== undefined;
  const now = useQuery({ ...figuresQuery(request, serverNowMs), enabled: isDrawn }).data ?? NO_FIGURES;
  const then = useQuery({ ...figuresQuery(compared, serverNowMs), enabled: isDrawn && comparison !== null }).data;
  const tails = useTails(points, isFollowing(range));

  const look: ChartLook = useMemo(
    () => ({ points, scheme, words, zone, showsLimits }),
    [points, scheme, words, zone, showsLimits],
  );
  const found = query.data?.trend;
  const earlier = comparison === null ? null : (earlierQuery.data ?? null);
  const input = useMemo((): ChartInput | null => {
    if (!found || points.length === 0) return null;
    const series = found.series.map((one) => extended(one, tails.get(one.point_id) ?? []));
    return { ...look, trend: { ...found, series }, earlier };
  }, [look, found, points, tails, earlier]);
  const figures = useMemo(
    () => ({
      now: withTimeMeans(now, query.data, points),
      earlier: withTimeMeans(then ?? NO_FIGURES, earlierQuery.data, points),
    }),
    [now, then, query.data, earlierQuery.data, points],
  );
  return { query, request, figures, look, input };
}
