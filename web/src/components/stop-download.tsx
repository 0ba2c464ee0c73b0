import { Button } from "@mantine/core";
import { useWords } from "@/i18n/use-words.ts";
import type { Going } from "./use-download.ts";

/** How much of a download is there; a click ends it. */
export function StopDownload({ going, size = "sm" }: { going: Going; size?: "sm" | "compact-sm" }) {
  const { t, number } = useWords();
  return (
    <Button onClick={going.stop} size={size} variant="light">
      {t("form.downloading", { size: number(going.bytes / 1e6, 1) })}
    </Button>
  );
}
