import type { DeviceDetail, Point, Thresholds } from "@/api/types.ts";
import type { PointRef } from "@/lib/trend-link.ts";
import { isStepped } from "@/lib/value-words.ts";

export const MOST_POINTS = 12;
export const MOST_AXES = 4;

/** A point with what is needed to draw and name it. */
export interface ChartPoint {
  readonly ref: PointRef;
  readonly deviceName: string;
  readonly siteId: number;
  readonly point: Point;
  readonly thresholds: Thresholds | null;
}

/** States have no scale: each is a row of words under the curves. */
export const NO_AXIS = "state";

/** Points on one scale share a key: the unit. */
export function axisKey(point: Point): string {
  return isStepped(point) ? NO_AXIS : `unit ${point.unit}`;
}

/** The scales with numbers that these points need. */
export function axisKeys(points: readonly ChartPoint[]): string[] {
  return [...new Set(points.map(({ point }) => axisKey(point)))].filter((key) => key !== NO_AXIS);
}

/** What the devices of these points are called. */
export function deviceNames(points: readonly ChartPoint[]): (deviceId: number) => string {
  return (deviceId) => points.find(({ ref }) => ref.deviceId === deviceId)?.deviceName ?? "";
}

export interface Resolved {
  readonly drawn: readonly ChartPoint[];
  /** Named in the address, but no device has them, or they have no number to draw. */
  readonly unknown: readonly PointRef[];
  /** One scale too many, or one point too many. */
  readonly leftOut: readonly ChartPoint[];
  /** What is asked of the history: what the address names, unless that is not there or more than one chart has. */
  readonly asked: readonly PointRef[];
}

/** What can be asked before the devices are known: with luck it is what is asked then. */
export function askedAhead(refs: readonly PointRef[]): readonly PointRef[] {
  return refs.length > MOST_POINTS ? [] : refs;
}

function canJoin(drawn: readonly ChartPoint[], point: Point): boolean {
  if (drawn.length >= MOST_POINTS) return false;
  const key = axisKey(point);
  const keys = axisKeys(drawn);
  return key === NO_AXIS || keys.includes(key) || keys.length < MOST_AXES;
}

export function canAdd(drawn: readonly ChartPoint[], point: Point): boolean {
  return point.type !== "string" && canJoin(drawn, point);
}

/** Finds the points of the address in their devices, and keeps as many as one chart can show. */
export function resolve(refs: readonly PointRef[], devices: ReadonlyMap<number, DeviceDetail>): Resolved {
  const drawn: ChartPoint[] = [];
  const unknown: PointRef[] = [];
  const leftOut: ChartPoint[] = [];
  for (const ref of refs) {
    const device = devices.get(ref.deviceId);
    const point = device?.points.find((one) => one.key === ref.key);
    if (!device || !point || point.type === "string") {
      unknown.push(ref);
      continue;
    }
    const thresholds = device.thresholds[point.key] ?? null;
    const found = { ref, deviceName: device.name, siteId: device.site_id, point, thresholds };
    (canJoin(drawn, point) ? drawn : leftOut).push(found);
  }
  const asked = unknown.length === 0 ? askedAhead(refs) : [];
  return { drawn, unknown, leftOut, asked: asked.length > 0 ? asked : drawn.map(({ ref }) => ref) };
}
