import type { AuditRecord } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import styles from "./audit.module.css";
import { ACTIONS, KINDS } from "./audit-filter.ts";
import { Changes } from "./changes.tsx";
import type { Deeds } from "./deeds.ts";
import { actorWords, placeWords } from "./record-words.ts";
import { subjectTold } from "./value-told.ts";

/** Who did what to which thing, in a sentence. */
function Sentence({ record }: { record: AuditRecord }) {
  const words = useWords();
  const { t } = words;
  const action = ACTIONS.find((one) => one === record.action);
  const kind = KINDS.find((one) => one === record.kind);
  const isAboutOneself = record.action === "signed_in" || record.action === "signed_out";
  return (
    <>
      <b>{actorWords(record, t)}</b> <span>{action ? t(`audit.actions.${action}`) : record.action}</span>{" "}
      {!isAboutOneself && (
        <>
          <span className={styles.kind}>{kind ? t(`audit.kinds.${kind}`) : record.kind}</span>{" "}
          <b>{subjectTold(record, words)}</b>
        </>
      )}
    </>
  );
}

function Moment({ record }: { record: AuditRecord }) {
  const { time } = useWords();
  return (
    <time className="figures" dateTime={record.at}>
      {time(Date.parse(record.at), "full")}
    </time>
  );
}

function Line({ deeds: [record, ...earlier] }: { deeds: Deeds }) {
  const { t } = useWords();
  const times = earlier.length + 1;
  return (
    <span className={styles.line}>
      <Moment record={record} />
      <span>
        <Sentence record={record} />
        {times > 1 && <span className={styles.times}>{t("audit.times", { count: times })}</span>}
      </span>
      <span className={styles.from}>{placeWords(record, t)}</span>
    </span>
  );
}

/** One line: when, who did what, from where. Unfolded it says what was changed, and when else the same was done. */
export function DeedRow({ deeds }: { deeds: Deeds }) {
  const { t } = useWords();
  const [record, ...earlier] = deeds;
  if (earlier.length === 0 && Object.keys(record.changes).length === 0)
    return (
      <li className={styles.deed} data-action={record.action}>
        <Line deeds={deeds} />
      </li>
    );
  return (
    <li className={styles.deed} data-action={record.action}>
      <details>
        <summary>
          <Line deeds={deeds} />
        </summary>
        <div className={styles.more}>
          <Changes record={record} />
          {earlier.length > 0 && (
            <>
              <p>{t("audit.also")}</p>
              <ul className={styles.also}>
                {earlier.map((other) => (
                  <li key={other.id}>
                    <Moment record={other} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      </details>
    </li>
  );
}
