import type { Trouble } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";

interface TroubleWordsProps {
  trouble: Trouble | null;
  error: string;
}

/** What is wrong with a device: in a word of the reader's language, and exactly as the program says it. */
export function TroubleWords({ trouble, error }: TroubleWordsProps) {
  const { t } = useWords();
  return (
    <span>
      {trouble && <b>{t(`trouble.${trouble}`)}: </b>}
      <span lang="en">{error}</span>
    </span>
  );
}
