import { useWords } from "@/i18n/use-words.ts";
import { useZone } from "@/i18n/zone-context.ts";
import { zoneName } from "@/lib/zone.ts";
import styles from "./zone-note.module.css";

/** Says on whose clocks the times beside it are told. */
export function ZoneNote() {
  const { t } = useWords();
  return <p className={styles.note}>{t("zone.shown", { zone: zoneName(useZone()) })}</p>;
}
