import type { AuditRecord } from "@/api/types.ts";
import type { Words } from "@/i18n/use-words.ts";

const FIELDS = [
  "name",
  "code",
  "description",
  "zone",
  "address",
  "options",
  "enabled",
  "interval_s",
  "link",
  "profile",
  "records",
  "own",
  "thresholds",
  "aligned",
  "retention_days",
  "site_id",
  "unit_id",
  "deleted_ms",
  "device_id",
  "group_id",
  "user_id",
  "max_samples",
  "language",
  "password_hash",
  "role",
  "username",
  "expires_ms",
  "hint",
  "kind",
  "fields",
  "bytes",
  "error",
  "initiated_by",
  "path",
  "status",
  "who",
  "origin",
  "device",
  "key",
  "value",
  "result",
  "old",
  "new",
  "message",
  "order_id",
  "at_ms",
  "source",
  "agent",
  "reason",
  "left_out",
] as const;

/** What a field of a thing is called; one the page does not know is called as the server has it. */
export function fieldWords(field: string, t: Words["t"]): string {
  const known = FIELDS.find((one) => one === field);
  return known ? t(`audit.fields.${known}`) : field;
}

/** By what means it was done: signed in on the page, with a token, or anything else as the server has it. */
function viaWords(via: string, t: Words["t"]): string {
  if (via === "session") return t("audit.session");
  return via.startsWith("token ") ? t("audit.token", { id: via.slice("token ".length) }) : via;
}

/** From where, and by what means. */
export function placeWords({ origin, via }: Pick<AuditRecord, "origin" | "via">, t: Words["t"]): string {
  const from = origin === "command line" ? t("audit.command_line") : origin;
  return [from, viaWords(via, t)].filter(Boolean).join(" · ");
}
