import { Button } from "@mantine/core";
import { Link } from "react-router";
import { Notice } from "@/components/notice.tsx";
import { useTitle } from "@/components/use-title.ts";
import { useWords } from "@/i18n/use-words.ts";
import { useHeartbeat } from "@/live/live-context.ts";

export function NotFoundPage() {
  const { t } = useWords();
  useHeartbeat();
  useTitle(t("not_found.title"));
  return (
    <Notice icon="unknown" text={t("not_found.text")} title={t("not_found.title")}>
      <Button component={Link} to="/" variant="default">
        {t("not_found.home")}
      </Button>
    </Notice>
  );
}
