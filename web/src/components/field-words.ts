import i18next from "i18next";
import type en from "@/i18n/en.json";
import type { Words } from "@/i18n/use-words.ts";

type Named = keyof (typeof en)["audit"]["fields"];

const isNamed = (field: string): field is Named => i18next.exists(`audit.fields.${field}`);

/** What a field of a thing is called; one the page does not know is called as the server has it. */
export function fieldWords(field: string, t: Words["t"]): string {
  return isNamed(field) ? t(`audit.fields.${field}`) : field;
}
