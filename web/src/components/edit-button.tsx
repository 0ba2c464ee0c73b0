import { Button } from "@mantine/core";
import { useWords } from "@/i18n/use-words.ts";

/** Opens a thing of a list to be changed; `label` says which, for those who hear it. */
export function EditButton({ label, onClick }: { label: string; onClick: () => void }) {
  const { t } = useWords();
  return (
    <Button aria-label={label} onClick={onClick} size="xs" variant="default">
      {t("form.edit")}
    </Button>
  );
}
