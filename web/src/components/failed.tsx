import { Button } from "@mantine/core";
import { useWords } from "@/i18n/use-words.ts";
import { errorWords } from "./error-words.ts";
import { Notice } from "./notice.tsx";

export function Failed({ error, retry }: { error: Error; retry: () => void }) {
  const words = useWords();
  const { t } = words;
  return (
    <Notice icon="error" text={errorWords(error, words)} title={t("failed.title")} tone="error">
      <Button onClick={retry}>{t("failed.retry")}</Button>
    </Notice>
  );
}
