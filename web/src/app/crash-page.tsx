import { Button } from "@mantine/core";
import { useEffect } from "react";
import { useRouteError } from "react-router";
import { Notice } from "@/components/notice.tsx";
import { useWords } from "@/i18n/use-words.ts";
import { isOutdated } from "@/lib/build.ts";
import { useHeartbeat } from "@/live/live-context.ts";

const AGAIN_AFTER_MS = 30_000;

/**
 * A view that threw, or whose part of the page could not be fetched after the server was upgraded.
 *
 * A page of an older build is replaced at once; `isAlone`, where nobody presses buttons, is loaded again in any case.
 */
export function CrashPage({ isAlone = false }: { isAlone?: boolean }) {
  const { t } = useWords();
  useHeartbeat();
  useEffect(() => {
    void isOutdated().then((isOld) => isOld && window.location.reload());
    const timer = isAlone ? setTimeout(() => window.location.reload(), AGAIN_AFTER_MS) : undefined;
    return () => clearTimeout(timer);
  }, [isAlone]);
  const error = useRouteError();
  const message = error instanceof Error ? error.message : String(error);
  return (
    <Notice icon="error" text={t("failed.unexpected", { message })} title={t("failed.title")} tone="error">
      <Button onClick={() => window.location.reload()}>{t("failed.reload")}</Button>
    </Notice>
  );
}
