import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { deviceQuery } from "@/api/queries.ts";
import type { PointRef } from "@/lib/trend-link.ts";
import { useLiveStore } from "@/live/live-context.ts";
import type { ChartPoint } from "./chart-points.ts";
import { trendQuery } from "./queries.ts";
import { requestFor } from "./use-trend.ts";
import type { TrendUrl } from "./use-trend-url.ts";

/** Padding and border of the card around the chart, left and right. */
const CARD_PX = 34;

/** As wide as the chart will be; 0 where that cannot be told before it is there. */
function widthAheadPx(): number {
  const main = document.getElementById("content");
  if (!main) return 0;
  const { paddingLeft, paddingRight } = getComputedStyle(main);
  return main.clientWidth - (Number.parseFloat(paddingLeft) || 0) - (Number.parseFloat(paddingRight) || 0) - CARD_PX;
}

interface Ahead {
  /** Null until it is known what the address names. */
  known: readonly ChartPoint[] | null;
  asked: readonly PointRef[];
  zone: string;
}

/** Asks for devices and curves when the page opens, before it is drawn: the server answers while the browser draws. */
export function useCurvesAhead(url: TrendUrl, ahead: Ahead) {
  const client = useQueryClient();
  const { serverNowMs } = useLiveStore();
  useState(() => {
    for (const id of new Set(url.refs.map(({ deviceId }) => deviceId))) void client.prefetchQuery(deviceQuery(id));
    const request = requestFor(url, { ...ahead, widthPx: Math.max(0, widthAheadPx()) });
    if (request.points.length > 0 && request.buckets > 0) void client.prefetchQuery(trendQuery(request, serverNowMs));
  });
}
