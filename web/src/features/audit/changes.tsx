import type { AuditRecord } from "@/api/types.ts";
import { fieldWords } from "@/components/field-words.ts";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./audit.module.css";
import { reasonTold, type Changes as Told, valueTold } from "./value-told.ts";

/** What of a thing was changed: each field, before and after. */
export function Changes({ record }: { record: AuditRecord }) {
  const words = useWords();
  const { t } = words;
  const reason = reasonTold(record, words);
  const isSaid = (field: string) => reason !== null && (field === "code" || field === "facts");
  const changes = Object.entries(record.changes as Told).filter(([field]) => !isSaid(field));
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
            <td>{valueTold(record.kind, field, change.old, words)}</td>
            <td>
              {reason?.field === field ? (
                <span title={String(change.new)}>{reason.told}</span>
              ) : (
                valueTold(record.kind, field, change.new, words)
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
