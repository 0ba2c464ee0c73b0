import type { Trend } from "@/api/types.ts";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { zoneName } from "@/lib/zone.ts";
import { useConnection, useNow } from "@/live/live-context.ts";
import type { Bounds } from "./time-range.ts";
import styles from "./trends.module.css";

interface TrendCaptionProps {
  current: () => Bounds;
  trend: Trend | undefined;
  zone: string;
  isFollowing: boolean;
}

/** From when to when, on whose clocks, whether the right end is now, and what one column stands for. */
export function TrendCaption({ current, trend, zone, isFollowing }: TrendCaptionProps) {
  const { t, period, span } = useWords();
  const isLive = useConnection().state === "live";
  useNow();
  const { startMs, endMs } = current();
  const column =
    trend && (trend.bucket_ms === 0 ? t("trends.raw") : t("trends.bucket", { span: span(trend.bucket_ms) }));
  return (
    <div className={styles.caption}>
      <p className={styles.period}>
        {period(startMs, endMs, zone)}
        <span className={styles.zone}>{zoneName(zone)}</span>
        {isFollowing && isLive && (
          <span className={styles.following}>
            <Icon name="live" size={14} /> {t("trends.live")}
          </span>
        )}
      </p>
      <p className={styles.column}>{column}</p>
    </div>
  );
}
