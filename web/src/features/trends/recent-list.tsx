import { useState } from "react";
import { Link } from "react-router";
import { useUser } from "@/api/use-session.ts";
import { useWords } from "@/i18n/use-words.ts";
import { useZone } from "@/i18n/zone-context.ts";
import { trendLink } from "@/lib/trend-link.ts";
import { useLiveStore } from "@/live/live-context.ts";
import styles from "./recent-list.module.css";
import { namesOf, type RecentTrend, recentTrends } from "./recent-trends.ts";
import { rangeFromUrl } from "./time-range.ts";
import { useRangeWords } from "./use-range-words.ts";

const NONE: readonly RecentTrend[] = [];

/** The trends that were looked at last in this browser; nothing when there are none. */
export function RecentList() {
  const { t, language } = useWords();
  const { rangeWords } = useRangeWords();
  const { serverNowMs } = useLiveStore();
  const zone = useZone();
  const user = useUser();
  const [recent] = useState(() => (user ? recentTrends(user.user_id) : NONE));
  if (recent.length === 0) return null;
  return (
    <section aria-label={t("trends.recent")} className={styles.recent}>
      <h2>{t("trends.recent")}</h2>
      <ul>
        {recent.map((one) => (
          <li key={trendLink(one.points, one.range)}>
            <Link to={trendLink(one.points, one.range)}>
              <span className={styles.names}>{namesOf(one, language).join("; ")}</span>
              <span className={styles.range}>{rangeWords(rangeFromUrl(one.range), serverNowMs(), zone)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
