import i18next from "i18next";
import type { FieldError } from "@/api/errors.ts";
import type { Words } from "@/i18n/use-words.ts";
import { fieldWords } from "./field-words.ts";

type Worded = Exclude<FieldError["code"], "other">;

const isWorded = (code: string): code is Worded => code !== "other" && i18next.exists(`fault.${code}`);

/** What the server said of a field begins with the field's name where it cannot know that it stands beside it. */
function said({ field, message }: FieldError): string {
  const text = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What is wrong with a field, in the reader's language; what the page has no words for, as the server says it. */
export function faultWords(error: FieldError, { t, number }: Words): string {
  const { code, facts } = error;
  if (!isWorded(code)) return said(error);
  // Whole numbers are ports, registers and ids as often as amounts: they stay in one piece.
  const told = Object.entries(facts).map(([name, fact]) => [
    name,
    typeof fact === "number" && !Number.isInteger(fact) ? number(fact, null) : fact,
  ]);
  const other = typeof facts["other"] === "string" ? fieldWords(facts["other"], t) : undefined;
  return t(`fault.${code}`, { ...Object.fromEntries(told), other, unit: facts["unit"] ? ` ${facts["unit"]}` : "" });
}
