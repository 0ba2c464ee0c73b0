import type { Command, DeviceDetail } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import { useLiveValue } from "@/live/live-context.ts";
import styles from "./controls.module.css";

interface NeedProps {
  need: NonNullable<Command["needs"]>;
  device: DeviceDetail;
}

/** What the device wants first, and whether that is so now. */
export function Need({ need, device }: NeedProps) {
  const { t, text, line } = useWords();
  const point = device.points.find((one) => one.key === need.point);
  const live = useLiveValue(point?.id ?? -1);
  if (!point) return null;
  const isMet = live?.quality === "good" && live.value === need.equals;
  const now = live?.value === null || live?.value === undefined ? t("quality.bad") : line(point, live.value);
  return (
    <p className={styles.need} data-met={isMet}>
      {t(isMet ? "controls.met" : "controls.needs", {
        point: text(point.name, point.key),
        value: line(point, need.equals),
        now,
      })}
    </p>
  );
}
