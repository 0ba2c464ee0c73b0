import i18next from "i18next";
import { useSyncExternalStore } from "react";
import { formatCount, formatNumber } from "@/lib/numbers.ts";
import { pickText, type Texts } from "@/lib/texts.ts";
import {
  formatAge,
  formatMoment,
  formatPeriod,
  formatRoughSpan,
  formatSince,
  formatSpan,
  formatTime,
  type TimeFormat,
} from "@/lib/time.ts";
import { unitIn } from "@/lib/units.ts";
import { type PointWording, type SpareWords, valueWords } from "@/lib/value-words.ts";
import { useZone } from "./zone-context.ts";

/** Everything that depends on the language and the zone, bound to these two. */
function boundTo(language: string, ownZone: string) {
  const t = i18next.getFixedT(language);
  const spare: SpareWords = {
    on: t("value.on"),
    off: t("value.off"),
    code: (code) => t("value.code", { code }),
    bit: (bit) => t("value.bit", { bit }),
  };
  return {
    t,
    language,
    spare,
    text: (texts: Texts | undefined, fallback = "") => pickText(texts, language, fallback),
    unit: (unit: string) => unitIn(unit, language),
    number: (value: number, decimals: number | null) => formatNumber(value, decimals, language),
    count: (count: number) => formatCount(count, language),
    age: (ageMs: number) => formatAge(ageMs, language),
    span: (spanMs: number) => formatSpan(spanMs, language),
    roughSpan: (spanMs: number) => formatRoughSpan(spanMs, language),
    time: (atMs: number, name: TimeFormat, zone = ownZone) => formatTime(atMs, language, name, zone),
    moment: (atMs: number, zone = ownZone) => formatMoment(atMs, language, zone),
    period: (startMs: number, endMs: number, zone = ownZone) => formatPeriod(startMs, endMs, language, zone),
    since: (atMs: number, nowMs: number, zone = ownZone) => formatSince(atMs, nowMs, language, zone),
    value: (point: PointWording, value: number) => valueWords(point, value, language, spare),
    /** A value in one line: a number with its unit, a label, or the active bits. */
    line: (point: PointWording, value: number) => {
      const words = valueWords(point, value, language, spare);
      if (words.kind === "number") return words.unit ? `${words.number} ${words.unit}` : words.number;
      if (words.kind === "label") return words.label;
      return words.active.length === 0 ? t("value.no_bits") : words.active.join(", ");
    },
  };
}

export type Words = ReturnType<typeof boundTo>;

/** By language and zone: a page of a thousand devices asks for them ten thousand times. */
const known = new Map<string, Words>();

function wordsOf(language: string, zone: string): Words {
  const key = `${language} ${zone}`;
  const words = known.get(key) ?? boundTo(language, zone);
  known.set(key, words);
  return words;
}

function onLanguage(listener: () => void) {
  i18next.on("languageChanged", listener);
  return () => i18next.off("languageChanged", listener);
}

/** Everything that depends on the language and the zone, bound to those in use. */
export function useWords(): Words {
  const language = useSyncExternalStore(onLanguage, () => i18next.language);
  return wordsOf(language, useZone());
}
