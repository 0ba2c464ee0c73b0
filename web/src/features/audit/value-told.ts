import type { AuditRecord, OrderRecord } from "@/api/types.ts";
import { reasonWords } from "@/components/order-words.ts";
import type { Words } from "@/i18n/use-words.ts";

const ROLES = ["owner", "admin", "read_only"] as const;
const RESULTS = ["verified", "not_verified", "refused", "failed"] as const;
const BACKUP_WORDS = ["completed", "failed", "in_progress", "scheduled", "retry", "manual"] as const;
const TOKENS = ["api", "display"] as const;
const REFUSALS = { wrong_credentials: "sign_in.wrong", too_many_attempts: "sign_in.throttled" } as const;

/** What the program writes in place of a secret. */
const HIDDEN = "(hidden)";

interface Change {
  readonly old?: unknown;
  readonly new?: unknown;
}

export type Changes = Readonly<Record<string, Change>>;

/** The word of a choice, where the field is one; `kind` is what the record is about. */
function choiceWords(kind: string, field: string, value: string, t: Words["t"]): string | undefined {
  if (value === HIDDEN) return t("audit.hidden");
  if (field === "role") {
    const role = ROLES.find((one) => one === value);
    return role && t(`role.${role}`);
  }
  if (field === "result") {
    const result = RESULTS.find((one) => one === value);
    return result && t(`controls.result_${result}`);
  }
  if (kind === "backup" && (field === "status" || field === "origin")) {
    const word = BACKUP_WORDS.find((one) => one === value);
    return word && t(`backups.${word}`);
  }
  if (kind === "token" && field === "kind") {
    const word = TOKENS.find((one) => one === value);
    return word && t(`tokens.${word}`);
  }
  return undefined;
}

/** A value of an audit record in the reader's language, where it is a choice, a time, yes or no, or nothing. */
export function valueTold(kind: string, field: string, value: unknown, words: Words): string {
  const { t, moment } = words;
  if (value === undefined || value === null || value === "") return "—";
  if (typeof value === "boolean") return t(value ? "audit.yes" : "audit.no");
  if (typeof value === "number" && field.endsWith("_ms")) return moment(value);
  if (typeof value !== "string") return JSON.stringify(value);
  return choiceWords(kind, field, value, t) ?? value;
}

const isOrderReason = (given: Record<string, unknown>): given is Pick<OrderRecord, "code" | "facts" | "message"> =>
  typeof given["code"] === "string" && typeof given["message"] === "string" && typeof given["facts"] === "object";

/** Why an order or a sign-in was in vain, which records have in words and by code: the field with the words, told by code. */
export function reasonTold({ kind, changes }: AuditRecord, words: Words): { field: string; told: string } | null {
  const given = Object.fromEntries(Object.entries(changes as Changes).map(([name, change]) => [name, change.new]));
  if (kind === "write" && isOrderReason(given) && given.code !== "")
    return { field: "message", told: reasonWords([], given, words) };
  const refusal = Object.entries(REFUSALS).find(([code]) => code === given["code"]);
  return kind === "user" && refusal ? { field: "reason", told: words.t(refusal[1]) } : null;
}

/** The name of what was acted on: who tried an unknown name has none, and the end of an order is called by its number. */
export function subjectTold({ kind, action, subject, subject_id, changes }: AuditRecord, words: Words): string {
  const { t } = words;
  if (kind === "user" && action === "refused" && subject_id === "") return t("audit.unknown_name");
  const order = (changes as Changes)["order_id"]?.new;
  if (kind === "write" && typeof order === "number") return t("audit.order", { id: order });
  return kind === "backup" ? valueTold(kind, "origin", subject, words) : subject;
}
