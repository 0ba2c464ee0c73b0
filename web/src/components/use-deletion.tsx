import { Button } from "@mantine/core";
import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useWords } from "@/i18n/use-words.ts";
import { Confirm } from "./confirm.tsx";

interface DeletionParts<Thing> {
  /** What was asked before, and is to be asked anew. */
  stale: { readonly queryKey: QueryKey };
  drop: (thing: Thing) => Promise<unknown>;
  title: string;
  /** What is gone then; null while nothing is asked about. */
  text: (thing: Thing | null) => string;
}

interface DeleteButtonProps {
  /** Which thing it is about, for those who hear it. */
  label: string;
  onClick: () => void;
  /** Why it cannot be deleted; empty when it can. */
  hindrance?: string;
}

export function DeleteButton({ label, onClick, hindrance = "" }: DeleteButtonProps) {
  const { t } = useWords();
  return (
    <Button
      aria-label={label}
      disabled={hindrance !== ""}
      onClick={onClick}
      size="xs"
      title={hindrance}
      variant="default"
    >
      {t("form.delete")}
    </Button>
  );
}

/** Deleting a thing of a list after a question: `ask` puts it, `question` is where it stands. */
export function useDeletion<Thing>({ stale, drop, title, text }: DeletionParts<Thing>) {
  const { t } = useWords();
  const queries = useQueryClient();
  const [leaving, setLeaving] = useState<Thing | null>(null);
  const confirm = async () => {
    if (leaving !== null) await drop(leaving);
    await queries.invalidateQueries(stale);
  };
  const question = (
    <Confirm
      action={t("form.delete")}
      isOpen={leaving !== null}
      onClose={() => setLeaving(null)}
      onConfirm={confirm}
      text={text(leaving)}
      title={title}
    />
  );
  return { ask: setLeaving, question };
}
