import type { Cause, Trouble } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import { causeWords } from "./cause-words.ts";

interface TroubleWordsProps {
  trouble: Trouble | null;
  error: string;
  cause: Cause | null;
}

/** What is wrong with a device, in the reader's language; what the page has no words for, exactly as the program says it. */
export function TroubleWords({ trouble, error, cause }: TroubleWordsProps) {
  const words = useWords();
  const detail = causeWords(cause, words);
  return (
    <span>
      {trouble && <b>{words.t(`trouble.${trouble}`)}: </b>}
      {detail === undefined ? <span lang="en">{error}</span> : <span title={error}>{detail}</span>}
    </span>
  );
}
