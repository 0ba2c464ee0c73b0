import type { AuditRecord } from "@/api/types.ts";
import { fieldWords } from "@/components/field-words.ts";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./audit.module.css";

interface Change {
  old?: unknown;
  new?: unknown;
}

function shown(value: unknown): string {
  if (value === undefined) return "—";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What of a thing was changed: each field, before and after. */
export function Changes({ record }: { record: AuditRecord }) {
  const { t } = useWords();
  const changes = Object.entries(record.changes as Record<string, Change>);
  if (changes.length === 0) return null;
  return (
    <table aria-label={t("audit.changes")} className={styles.changes}>
      <thead>
        <tr>
          <th scope="col">{t("audit.field")}</th>
          <th scope="col">{t("audit.old")}</th>
          <th scope="col">{t("audit.new")}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(([field, change]) => (
          <tr key={field}>
            <th scope="row" title={field}>
              {fieldWords(field, t)}
            </th>
            <td>{shown(change.old)}</td>
            <td>{shown(change.new)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
