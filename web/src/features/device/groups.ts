import type { DeviceDetail, Point } from "@/api/types.ts";
import { matchesQuery, type Texts } from "@/lib/texts.ts";

export interface GroupedPoints {
  readonly key: string;
  readonly name: string;
  readonly points: readonly Point[];
}

/** The points that match, in the order of the profile's groups; a point of no known group stands at the end. */
export function matchingGroups(
  device: DeviceDetail,
  query: string,
  text: (texts: Texts, fallback?: string) => string,
): GroupedPoints[] {
  const known = new Set(device.groups.map((group) => group.key));
  const groups = device.groups.map((group) => ({ key: group.key, name: text(group.name, group.key) }));
  const matches = (point: Point, group: string) =>
    matchesQuery(query, text(point.name), point.key, group, String(point.address), point.reference);
  return [...groups, { key: "", name: "" }]
    .map((group) => ({
      ...group,
      points: device.points.filter(
        (point) => (known.has(point.group) ? point.group : "") === group.key && matches(point, group.name),
      ),
    }))
    .filter((group) => group.points.length > 0);
}
