import i18next from "i18next";
import { ApiError, type FieldError, UnreachableError } from "@/api/errors.ts";
import type en from "@/i18n/en.json";
import type { Words } from "@/i18n/use-words.ts";
import { causeOfFacts } from "./cause-words.ts";
import { faultWords } from "./fault-words.ts";
import { fieldWords } from "./field-words.ts";

type Worded = keyof (typeof en)["failed"]["code"];

const isWorded = (code: string): code is Worded => i18next.exists(`failed.code.${code}`);

/** Refusals of what an operator wants; the page of a device says the same before it is asked. */
const OBSTACLES = ["writes_off", "no_profile", "disabled"] as const;

/** Codes whose sentence is about a fact; without it there are only the server's words. */
const ABOUT: Partial<Record<Worded, string>> = {
  in_use: "devices",
  out_of_reach: "cause",
  backup_refused: "cause",
  discovery_failed: "cause",
};

function fieldLine(error: FieldError, words: Words): string {
  return `${fieldWords(error.field, words.t)}: ${faultWords(error, words)}`;
}

function codeWords({ code, facts }: ApiError, words: Words): string | null {
  const obstacle = OBSTACLES.find((one) => one === code);
  if (obstacle) return words.t(`order.${obstacle}`);
  if (!isWorded(code)) return null;
  const about = ABOUT[code];
  if (about !== undefined && facts[about] == null) return null;
  return words.t(`failed.code.${code}`, { ...facts, cause: causeOfFacts(facts, words) });
}

/** What went wrong, in words for who looks at the page. */
export function errorWords(error: unknown, words: Words): string {
  const { t } = words;
  if (error instanceof UnreachableError) return t("failed.unreachable");
  if (!(error instanceof ApiError)) {
    return t("failed.unexpected", { message: error instanceof Error ? error.message : String(error) });
  }
  if (error.code === "forbidden") return t("failed.forbidden");
  if (error.status === 429 && error.code === "too_many_attempts") return t("sign_in.throttled");
  const known = codeWords(error, words);
  if (known !== null) return known;
  const isWorded = error.fields.length > 0 && error.fields.every(({ code }) => code !== "other");
  if (isWorded) return error.fields.map((field) => fieldLine(field, words)).join(" ");
  if (error.code.startsWith("http_")) return t("failed.http", { status: error.status });
  return t("failed.server", { message: error.message });
}
