import { Button } from "@mantine/core";
import { Icon } from "@/components/icon.tsx";
import { Notice } from "@/components/notice.tsx";
import { useWords } from "@/i18n/use-words.ts";

export function NoPoints({ onPick }: { onPick: () => void }) {
  const { t } = useWords();
  return (
    <Notice icon="trend" text={t("trends.none_text")} title={t("trends.none_title")}>
      <Button leftSection={<Icon name="plus" />} onClick={onPick}>
        {t("trends.add")}
      </Button>
    </Notice>
  );
}
