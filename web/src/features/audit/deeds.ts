import type { AuditRecord } from "@/api/types.ts";

/** Records beside each other that say the same but for the time, newest first; one alone as a rule. */
export type Deeds = readonly [AuditRecord, ...AuditRecord[]];

const wordsOf = ({ who, origin, via, action, kind, subject, subject_id, changes }: AuditRecord) =>
  JSON.stringify([who, origin, via, action, kind, subject, subject_id, changes]);

/** The records of a list with equal neighbours put together: who signs in again and again takes one row. */
export function foldDeeds(records: readonly AuditRecord[]): readonly Deeds[] {
  const folded: [AuditRecord, ...AuditRecord[]][] = [];
  let before = "";
  for (const record of records) {
    const words = wordsOf(record);
    const last = folded.at(-1);
    if (last && words === before) last.push(record);
    else folded.push([record]);
    before = words;
  }
  return folded;
}
