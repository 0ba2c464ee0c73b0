import i18next from "i18next";
import type { Cause, CauseCode } from "@/api/types.ts";
import type { Words } from "@/i18n/use-words.ts";

/** A code as the server gives it; one of a newer version may be unknown here. */
export interface Caused {
  readonly code: string;
  readonly facts: Cause["facts"];
}

type Facts = Cause["facts"];
type Worded = Exclude<CauseCode, "other">;

const TABLES = ["holding", "input", "coil", "discrete"] as const;
const EXCEPTIONS = [1, 2, 3, 4, 5, 6, 8, 10, 11] as const;

const isWorded = (code: string): code is Worded => i18next.exists(`cause.${code}`) && code !== "other";

function exceptionName({ exception }: Facts, t: Words["t"]): string {
  const known = EXCEPTIONS.find((one) => one === exception);
  return known ? t(`cause.exceptions.${known}`) : t("cause.exceptions.other");
}

function codeWords(code: Worded, facts: Facts, { t, number, span, roughSpan }: Words): string {
  const told = (name: string, inWords: (spanMs: number) => string) =>
    facts[name] == null ? "" : inWords(1000 * Number(facts[name]));
  if (code === "connect_timeout" && facts["limit_s"] == null) return t("cause.timed_out");
  return t(`cause.${code}`, {
    ...facts,
    limit: told("limit_s", span),
    silence: told("silent_s", roughSpan),
    wait: told("wait_s", roughSpan),
    name: code === "exception" ? exceptionName(facts, t) : "",
    value: typeof facts["value"] === "number" ? number(facts["value"], null) : facts["value"],
  });
}

/** Which registers were asked for, where a request is what failed. */
function blockWords({ table, first, last }: Facts, t: Words["t"]): string {
  const known = TABLES.find((one) => one === table);
  return known ? ` (${t(`device.table.${known}`)} ${first === last ? first : `${first}–${last}`})` : "";
}

/** A cause in the reader's language; undefined where the page has no words for its code, or an older server gives none. */
export function causeWords(cause: Caused | null | undefined, words: Words): string | undefined {
  if (!cause || !isWorded(cause.code)) return undefined;
  const { t, roughSpan } = words;
  const { code, facts } = cause;
  const wait = facts["wait_s"];
  const more = [
    facts["backup"] != null && t("cause.backup", { backup: facts["backup"] }),
    wait != null && code !== "silent" && t("cause.next_attempt", { wait: roughSpan(1000 * Number(wait)) }),
  ];
  return [codeWords(code, facts, words) + blockWords(facts, t), ...more.filter(Boolean)].join("; ");
}

/** A cause in the reader's language; what the page has no words for, exactly as the program says it. */
export function saidWords(cause: Caused | null, said: string, words: Words): string {
  return causeWords(cause, words) ?? said;
}

/** Of facts that have a cause among them: `cause` in the server's words, `cause_code`, and the cause's own facts. */
export function causeOfFacts(facts: Facts, words: Words): string {
  const code = facts["cause_code"];
  return saidWords(code == null ? null : { code: String(code), facts }, String(facts["cause"] ?? ""), words);
}
