import { Skeletons } from "@/components/skeletons.tsx";
import { useWords } from "@/i18n/use-words.ts";

export function LoadingPage() {
  const { t } = useWords();
  return <Skeletons count={2} height={200} label={t("trends.loading")} layout="list" />;
}
