import { Button, FileInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { Dialog } from "@/components/dialog.tsx";
import { Form } from "@/components/form.tsx";
import { useWords, type Words } from "@/i18n/use-words.ts";
import { decoded } from "@/lib/decoded.ts";
import { type CsvPoints, type CsvProblem, keyOf, profileFromCsv } from "./points-from-csv.ts";
import styles from "./profiles.module.css";

function problemWords(problem: CsvProblem, t: Words["t"]): string {
  switch (problem.kind) {
    case "unknown":
      return t("profiles.csv_unknown", { columns: problem.columns });
    case "row":
      return t("profiles.csv_row", { row: problem.row, problem: t(`profiles.csv_row_${problem.what}`) });
    case "number": {
      const { row, column, cell } = problem;
      return t("profiles.csv_row", { row, problem: t("profiles.csv_row_number", { column, cell }) });
    }
    case "renamed": {
      const { row, key, now } = problem;
      return t("profiles.csv_row", { row, problem: t("profiles.csv_row_renamed", { key, now }) });
    }
    default:
      return t(`profiles.csv_${problem.kind}`);
  }
}

/** What was found in the file, before anything is made of it. */
function Found({ points }: { points: CsvPoints }) {
  const { t } = useWords();
  return (
    <div aria-live="polite" className={styles.found}>
      <p>{t("profiles.csv_found", { count: points.count })}</p>
      <ul>
        {points.problems.map((problem) => (
          <li key={JSON.stringify(problem)}>{problemWords(problem, t)}</li>
        ))}
      </ul>
    </div>
  );
}

interface CsvDialogProps {
  isOpen: boolean;
  onClose: () => void;
  onTaken: (source: string) => void;
}

/** Makes a profile of a list of points. */
export function CsvDialog({ isOpen, onClose, onTaken }: CsvDialogProps) {
  const { t, language } = useWords();
  const [title, setTitle] = useState("");
  const [text, setText] = useState<string | null>(null);
  const [file, setFile] = useState<File | null>(null);
  const choose = async (chosen: File | null) => {
    setFile(chosen);
    setText(chosen ? decoded(await chosen.arrayBuffer(), language) : null);
    if (chosen && title === "") setTitle(chosen.name.replace(/\.\w+$/, ""));
  };
  const points = text === null ? null : profileFromCsv(text, keyOf(title, new Set()).replaceAll("_", "-"), title);
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t("profiles.csv_title")}>
      <Form
        action={t("profiles.csv_take")}
        error={null}
        isBusy={false}
        more={
          <Button onClick={onClose} variant="default">
            {t("form.cancel")}
          </Button>
        }
        onSubmit={() => points && points.count > 0 && onTaken(points.source)}
      >
        <p className={styles.text}>{t("profiles.csv_text")}</p>
        <FileInput
          accept=".csv,.tsv,.txt,text/csv"
          label={t("profiles.csv_file")}
          onChange={(chosen) => void choose(chosen)}
          placeholder={t("profiles.csv_choose")}
          required
          value={file}
          withAsterisk={false}
        />
        <TextInput
          label={t("profiles.csv_name")}
          maxLength={100}
          onChange={(event) => setTitle(event.currentTarget.value)}
          required
          value={title}
          withAsterisk={false}
        />
        {points && <Found points={points} />}
      </Form>
    </Dialog>
  );
}
