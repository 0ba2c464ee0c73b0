import { useWords } from "@/i18n/use-words.ts";
import { CALENDAR_NAMES } from "./calendar.ts";
import { boundsOf, type PresetName, rangeToUrl, type TimeRange } from "./time-range.ts";

const UNITS = { m: "minute", h: "hour", d: "day" } as const;

/** Ranges in words: `6 hr`, `Yesterday`, or from when to when. */
export function useRangeWords() {
  const { t, language, period } = useWords();
  const preset = (name: PresetName) => {
    const unit = UNITS[name.slice(-1) as keyof typeof UNITS];
    return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(
      Number.parseInt(name, 10),
    );
  };
  const rangeWords = (range: TimeRange, nowMs: number, zone: string) => {
    if (range.kind === "last") return preset(range.name);
    const named = CALENDAR_NAMES.find((name) => name === rangeToUrl(range));
    if (named) return t(`trends.calendar.${named}`);
    const { startMs, endMs } = boundsOf(range, nowMs, zone);
    return period(startMs, endMs, zone);
  };
  return { preset, rangeWords };
}
