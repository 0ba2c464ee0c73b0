import { renderHook } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AuditRecord } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import { reasonTold, subjectTold, valueTold } from "./value-told.ts";

beforeEach(() => i18next.changeLanguage("ru"));
afterEach(() => i18next.changeLanguage("en"));

const words = () => renderHook(() => useWords()).result.current;
const record = (given: Partial<AuditRecord>) =>
  ({ subject_id: "", subject: "", changes: {}, ...given }) as AuditRecord;

test("choices, yes and no, times and secrets are told in the reader's language", () => {
  const told = (kind: string, field: string, value: unknown) => valueTold(kind, field, value, words());
  expect(told("user", "role", "owner")).toBe("Владелец");
  expect(told("write", "result", "refused")).toBe("отклонено");
  expect(told("backup", "status", "in_progress")).toBe("Создаётся");
  expect(told("device", "enabled", true)).toBe("да");
  expect(told("user", "password_hash", "(hidden)")).toBe("скрыто");
  expect(told("token", "expires_ms", 1_763_719_200_000)).toMatch(/2025/);
  expect([told("device", "own", null), told("device", "own", undefined), told("device", "description", "")]).toEqual([
    "—",
    "—",
    "—",
  ]);
});

test("what is no choice stays as it is", () => {
  expect(valueTold("device", "name", "owner", words())).toBe("owner");
  expect(valueTold("user", "role", "emperor", words())).toBe("emperor");
  expect(valueTold("device", "records", { a: 1 }, words())).toBe('{"a":1}');
});

test("why an order or a sign-in was in vain is told by its code", () => {
  const write = { message: { new: "not done" }, code: { new: "too_long" }, facts: { new: { limit_s: 60 } } };
  expect(reasonTold(record({ kind: "write", changes: write }), words())).toEqual({
    field: "message",
    told: "Не завершено за 1 мин.",
  });
  const refused = { reason: { new: "wrong" }, code: { new: "wrong_credentials" } };
  expect(reasonTold(record({ kind: "user", changes: refused }), words())?.field).toBe("reason");
  expect(reasonTold(record({ kind: "user", changes: { reason: { new: "wrong" } } }), words())).toBeNull();
  expect(reasonTold(record({ kind: "site", changes: { code: { new: "A" } } }), words())).toBeNull();
});

test("what was acted on is named in the reader's language where the program named it", () => {
  expect(subjectTold(record({ kind: "user", action: "refused", subject: "(unknown name)" }), words())).toBe(
    "неизвестное имя",
  );
  expect(subjectTold(record({ kind: "write", subject: "order 5", changes: { order_id: { new: 5 } } }), words())).toBe(
    "команда № 5",
  );
  expect(subjectTold(record({ kind: "backup", subject: "manual", subject_id: "1" }), words())).toBe("вручную");
  expect(subjectTold(record({ kind: "device", subject: "G1", subject_id: "1" }), words())).toBe("G1");
});
