import type { Problem } from "@/api/types.ts";
import { Icon } from "@/components/icon.tsx";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./profiles.module.css";

interface ProblemListProps {
  problems: readonly Problem[];
  onGo: (line: number) => void;
}

/** What is wrong with a text, by line; each leads there. */
export function ProblemList({ problems, onGo }: ProblemListProps) {
  const { t } = useWords();
  return (
    <div className={styles.problems}>
      <p className={styles.bad}>
        <Icon name="error" size={17} /> {t("profiles.problems", { count: problems.length })}
      </p>
      <ul>
        {problems.map(({ line, field, message }) => (
          <li key={`${line} ${field} ${message}`}>
            <button onClick={() => onGo(line)} type="button">
              {line === 0 ? t("profiles.whole") : t("profiles.line", { line })}
            </button>
            <span>
              {field && <code>{field}</code>} <span lang="en">{message}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
