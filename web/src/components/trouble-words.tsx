import type { Trouble } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import { detailWords } from "./detail-words.ts";

interface TroubleWordsProps {
  trouble: Trouble | null;
  error: string;
}

/** What is wrong with a device, in the reader's language; what the page has no words for, exactly as the program says it. */
export function TroubleWords({ trouble, error }: TroubleWordsProps) {
  const words = useWords();
  const detail = detailWords(error, words);
  return (
    <span>
      {trouble && <b>{words.t(`trouble.${trouble}`)}: </b>}
      {detail === undefined ? <span lang="en">{error}</span> : <span title={error}>{detail}</span>}
    </span>
  );
}
