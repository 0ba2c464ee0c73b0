import { Button } from "@mantine/core";
import { Link } from "react-router";
import { useWords } from "@/i18n/use-words.ts";
import { Notice } from "./notice.tsx";
import { useTitle } from "./use-title.ts";

/** Stands where a page would be that the role of who looks has nothing to do on. */
export function NotYours() {
  const { t } = useWords();
  useTitle(t("users.not_yours_title"));
  return (
    <Notice icon="unknown" text={t("users.not_yours_text")} title={t("users.not_yours_title")}>
      <Button component={Link} to="/" variant="default">
        {t("not_found.home")}
      </Button>
    </Notice>
  );
}
