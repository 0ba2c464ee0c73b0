import { useWords } from "@/i18n/use-words.ts";
import { useNow } from "./live-context.ts";

/** How long ago a moment of this browser's clock was; it grows by itself. */
export function Age({ atMs, ago = false }: { atMs: number; ago?: boolean }) {
  const { t, age } = useWords();
  const text = age(useNow() - atMs);
  return <span className="figures">{ago ? t("value.ago", { age: text }) : text}</span>;
}
