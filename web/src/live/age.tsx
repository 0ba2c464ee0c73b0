import { useSyncExternalStore } from "react";
import { useWords } from "@/i18n/use-words.ts";
import { seconds } from "@/lib/ticker.ts";

/** How long ago a moment of this browser's clock was; it grows by itself, and is drawn again when its words change. */
export function Age({ atMs, ago = false }: { atMs: number; ago?: boolean }) {
  const { t, age } = useWords();
  const text = useSyncExternalStore(seconds.subscribe, () => age(seconds.get() - atMs));
  return <span className="figures">{ago ? t("value.ago", { age: text }) : text}</span>;
}
