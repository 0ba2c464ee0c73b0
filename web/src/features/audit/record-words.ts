import type { AuditRecord } from "@/api/types.ts";
import type { Words } from "@/i18n/use-words.ts";

/** By what means it was done: signed in on the page, with a token, or anything else as the server has it. */
function viaWords(via: string, t: Words["t"]): string {
  if (via === "session") return t("audit.session");
  return via.startsWith("token ") ? t("audit.token", { id: via.slice("token ".length) }) : via;
}

/** Who did it: nobody had signed in, or the program itself did, which comes from nowhere. */
export function actorWords({ who, origin }: Pick<AuditRecord, "who" | "origin">, t: Words["t"]): string {
  if (who === "") return t("audit.nobody");
  return who === "system" && origin === "" ? t("audit.system") : who;
}

/** From where, and by what means. */
export function placeWords({ origin, via }: Pick<AuditRecord, "origin" | "via">, t: Words["t"]): string {
  const from = origin === "command line" ? t("audit.command_line") : origin;
  return [from, viaWords(via, t)].filter(Boolean).join(" · ");
}
