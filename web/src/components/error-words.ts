import { ApiError, UnreachableError } from "@/api/errors.ts";
import type { Words } from "@/i18n/use-words.ts";

/** What went wrong, in words for who looks at the page. */
export function errorWords(error: unknown, t: Words["t"]): string {
  if (error instanceof UnreachableError) return t("failed.unreachable");
  if (!(error instanceof ApiError)) {
    return t("failed.unexpected", { message: error instanceof Error ? error.message : String(error) });
  }
  if (error.status === 403) return t("failed.forbidden", { message: error.message });
  if (error.status === 429) return t("sign_in.throttled");
  return t("failed.server", { message: error.message });
}
