import type { Frame } from "@/api/types.ts";
import { causeWords } from "@/components/cause-words.ts";
import type { Words } from "@/i18n/use-words.ts";

type Spoken = Frame["spoken"][number];

const FUNCTIONS = [1, 2, 3, 4, 5, 6, 15, 16] as const;

function functionWords(given: number, t: Words["t"]): string {
  const known = FUNCTIONS.find((one) => one === given);
  return known ? t(`line.spoken.functions.${known}`) : t("line.spoken.function", { function: given });
}

function contentWords({ first, last, exception, size }: Spoken, isSent: boolean, words: Words): string {
  if (exception !== null) return `: ${causeWords({ code: "exception", facts: { exception } }, words)}`;
  if (!isSent) return `: ${words.t("line.spoken.size", { size })}`;
  if (first === null) return "";
  return ` ${first === last ? first : `${first}–${last}`}`;
}

function spokenWords(spoken: Spoken, isSent: boolean, words: Words): string {
  const { t } = words;
  const { unit_id, size } = spoken;
  if (unit_id === null || spoken.function === null) return t("line.spoken.no_frame", { size });
  const what = functionWords(spoken.function, t) + contentWords(spoken, isSent, words);
  return `${t("line.spoken.unit", { unit: unit_id })}: ${what}`;
}

/** What bytes on the line mean, in the reader's language. */
export function frameWords({ spoken, sent }: Frame, words: Words): string {
  return spoken.map((each) => spokenWords(each, sent, words)).join("; ");
}
