import type { DeviceDetail, Point } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import type { Standing } from "@/live/freshness.ts";
import { useLiveValue } from "@/live/live-context.ts";
import { useStanding } from "@/live/use-standing.ts";

export interface RoleValue {
  readonly point: Point | null;
  readonly standing: Standing;
  /** Null when it is bad or not known; an old one is no present one. */
  readonly value: number | null;
  /** In words, also that it is not known; null when the device has no such point. */
  readonly words: string | null;
}

/** The value of a point of the device by its key, as a drawing shows it. */
export function useRole(device: DeviceDetail, key: string): RoleValue {
  const { t, line } = useWords();
  const point = device.points.find((one) => one.key === key) ?? null;
  const live = useLiveValue(point?.id ?? -1);
  const standing = useStanding(live);
  const isPresent = standing === "good" || standing === "uncertain";
  const value = isPresent ? (live?.value ?? null) : null;
  if (!point) return { point, standing, value: null, words: null };
  const before = standing === "stale" ? (live?.value ?? null) : null;
  const unknown = before === null ? t(`quality.${standing}`) : t("value.old", { value: line(point, before) });
  return { point, standing, value, words: value === null ? unknown : line(point, value) };
}
