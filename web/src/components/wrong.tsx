import { Alert } from "@mantine/core";
import { useWords } from "@/i18n/use-words.ts";
import { errorWords } from "./error-words.ts";

/** What is wrong with a form as a whole; what belongs to a field stands there. */
export function Wrong({ error }: { error: unknown }) {
  const words = useWords();
  return (
    <Alert color="red" role="alert" variant="light">
      {errorWords(error, words)}
    </Alert>
  );
}
