import { Button } from "@mantine/core";
import { ApiError, UnreachableError } from "@/api/errors.ts";
import { useWords, type Words } from "@/i18n/use-words.ts";
import { Notice } from "./notice.tsx";

function reasonOf(error: Error, t: Words["t"]): string {
  if (error instanceof UnreachableError) return t("failed.unreachable");
  if (error instanceof ApiError) return t("failed.server", { message: error.message });
  return t("failed.unexpected", { message: error.message });
}

export function Failed({ error, retry }: { error: Error; retry: () => void }) {
  const { t } = useWords();
  return (
    <Notice icon="error" text={reasonOf(error, t)} title={t("failed.title")} tone="error">
      <Button onClick={retry}>{t("failed.retry")}</Button>
    </Notice>
  );
}
