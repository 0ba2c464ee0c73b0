import { type RefObject, useRef } from "react";
import type { Problem } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./profiles.module.css";

interface SourceEditorProps {
  value: string;
  problems: readonly Problem[];
  isReadOnly: boolean;
  field: RefObject<HTMLTextAreaElement | null>;
  onChange: (text: string) => void;
}

/** Text with the numbers of its lines; those with a problem are marked. */
export function SourceEditor({ value, problems, isReadOnly, field, onChange }: SourceEditorProps) {
  const { t } = useWords();
  const gutter = useRef<HTMLDivElement>(null);
  const bad = new Map(problems.map((problem) => [problem.line, problem.message]));
  const follow = () => {
    if (gutter.current && field.current) gutter.current.scrollTop = field.current.scrollTop;
  };
  return (
    <div className={styles.editor}>
      <div aria-hidden="true" className={styles.gutter} ref={gutter}>
        {value.split("\n").map((_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
          <span data-bad={bad.has(index + 1)} key={index} title={bad.get(index + 1)}>
            {bad.has(index + 1) ? `! ${index + 1}` : index + 1}
          </span>
        ))}
      </div>
      <textarea
        aria-invalid={problems.length > 0}
        aria-label={t("profiles.source")}
        autoCapitalize="none"
        autoComplete="off"
        autoCorrect="off"
        onChange={(event) => onChange(event.currentTarget.value)}
        onScroll={follow}
        readOnly={isReadOnly}
        ref={field}
        spellCheck={false}
        value={value}
        wrap="off"
      />
    </div>
  );
}
