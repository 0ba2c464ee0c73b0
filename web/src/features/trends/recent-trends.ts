import { pickText, type Texts } from "@/lib/texts.ts";
import { refText } from "@/lib/trend-link.ts";
import type { ChartPoint } from "./chart-points.ts";

/** A trend somebody looked at in this browser: enough to name it and to open it again. */
export interface RecentTrend {
  readonly points: readonly { deviceId: number; key: string; device: string; name: Texts }[];
  /** As the address of the page says it. */
  readonly range: string;
}

const MOST = 6;

/** People who share a browser do not see each other's. */
const storageKey = (userId: number) => `stripchart-recent-trends-${userId}`;

const pointsOf = ({ points }: RecentTrend) => points.map(refText).sort().join(" ");

function isRecent(one: unknown): one is RecentTrend {
  const { points, range } = (one ?? {}) as Partial<RecentTrend>;
  return (
    typeof range === "string" &&
    Array.isArray(points) &&
    points.length > 0 &&
    points.every((point) => Number.isInteger(point?.deviceId) && typeof point.key === "string" && point.name)
  );
}

/** The newest first; none where the browser keeps nothing. */
export function recentTrends(userId: number): readonly RecentTrend[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey(userId)) ?? "[]");
    return Array.isArray(kept) ? kept.filter(isRecent) : [];
  } catch {
    return [];
  }
}

/** Put a trend first; the same points with another range take its place. */
export function noteTrend(userId: number, drawn: readonly ChartPoint[], range: string) {
  const points = drawn.map(({ ref, deviceName, point }) => ({ ...ref, device: deviceName, name: point.name }));
  const noted = { points, range };
  const others = recentTrends(userId).filter((one) => pointsOf(one) !== pointsOf(noted));
  try {
    localStorage.setItem(storageKey(userId), JSON.stringify([noted, ...others].slice(0, MOST)));
  } catch {
    // Without storage there are no recent trends.
  }
}

/** `G1: Total active power, Coolant temperature`, a text for each device. */
export function namesOf({ points }: RecentTrend, language: string): string[] {
  const devices = new Map<number, { device: string; names: string[] }>();
  for (const { deviceId, key, device, name } of points) {
    const found = devices.get(deviceId) ?? { device, names: [] };
    found.names.push(pickText(name, language, key));
    devices.set(deviceId, found);
  }
  return [...devices.values()].map(({ device, names }) => `${device}: ${names.join(", ")}`);
}
