import { Button } from "@mantine/core";
import { useRouteError } from "react-router";
import { Notice } from "@/components/notice.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";

/** A view that threw, or whose part of the page could not be fetched after the server was upgraded. */
export function CrashPage() {
  const { t } = useWords();
  useHeartbeat();
  const error = useRouteError();
  const message = error instanceof Error ? error.message : String(error);
  return (
    <Notice icon="error" text={t("failed.unexpected", { message })} title={t("failed.title")} tone="error">
      <Button onClick={() => window.location.reload()}>{t("failed.reload")}</Button>
    </Notice>
  );
}
