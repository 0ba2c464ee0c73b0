import { expect, test } from "vitest";
import type { AuditRecord } from "@/api/types.ts";
import { foldDeeds } from "./deeds.ts";

const record = (id: number, action: string, agent = "Firefox"): AuditRecord => ({
  id,
  at: `2026-11-21T09:00:0${id}Z`,
  who: "olga",
  origin: "10.0.0.7",
  via: "session",
  action,
  kind: "user",
  subject: "olga",
  subject_id: "1",
  changes: { agent: { new: agent } },
  previous: "",
  hash: String(id),
});

const ids = (records: AuditRecord[]) => foldDeeds(records).map((deeds) => deeds.map(({ id }) => id));

test("neighbours that say the same are put together, and nothing else is", () => {
  const records = [
    record(9, "signed_in"),
    record(8, "signed_in"),
    record(7, "signed_out"),
    record(6, "signed_in"),
    record(5, "signed_in", "curl"),
  ];
  expect(ids(records)).toEqual([[9, 8], [7], [6], [5]]);
  expect(ids([])).toEqual([]);
});
