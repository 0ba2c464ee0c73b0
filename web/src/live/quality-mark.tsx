import type { TFunction } from "i18next";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { STANDING_ICONS, type Standing } from "./freshness.ts";
import type { LiveValue } from "./live-store.ts";
import styles from "./quality-mark.module.css";

function words(standing: Standing, live: LiveValue | undefined, t: TFunction): string {
  if (standing === "bad" && live?.reason) return t(`reason.${live.reason}`);
  if (standing === "uncertain" && live?.reason) return `${t("quality.uncertain")}: ${t(`reason.${live.reason}`)}`;
  return t(`quality.${standing}`);
}

interface QualityMarkProps {
  standing: Standing;
  live: LiveValue | undefined;
  /** Where all is well the sign is enough to see; the word is still there to hear. */
  compact?: boolean;
}

/** The quality of a value as a sign and a word; the reason in place of the word where the value already says it is missing. */
export function QualityMark({ standing, live, compact = false }: QualityMarkProps) {
  const { t } = useWords();
  const word = words(standing, live, t);
  // A page of a thousand devices has six for each: one element with a letter in it costs a fraction of a drawing.
  if (compact && standing === "good")
    return (
      <span aria-label={word} className={styles.good} role="img">
        ✓
      </span>
    );
  return (
    <span className={styles.mark} data-standing={standing}>
      <Icon name={STANDING_ICONS[standing]} size={13} />
      {word}
    </span>
  );
}
