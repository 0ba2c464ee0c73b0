/** A point as the address of the trend page names it: device and key, which outlive a restart and can be read. */
export interface PointRef {
  readonly deviceId: number;
  readonly key: string;
}

export function refText(ref: PointRef): string {
  return `${ref.deviceId}.${ref.key}`;
}

/** Reads `3.coolant_temperature`; null when it is something else. */
export function parseRef(text: string): PointRef | null {
  const match = /^(\d{1,9})\.(.+)$/.exec(text);
  if (!match?.[1] || !match[2]) return null;
  return { deviceId: Number(match[1]), key: match[2] };
}

export function trendLink(refs: readonly PointRef[], range = "1h"): string {
  const query = new URLSearchParams();
  for (const ref of refs) query.append("point", refText(ref));
  query.set("range", range);
  return `/trends?${query}`;
}
