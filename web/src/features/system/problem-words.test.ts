import { renderHook } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, expect, test } from "vitest";
import type { Health } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import api from "../../../openapi.json";
import { problemWords } from "./problem-words.ts";

afterEach(() => i18next.changeLanguage("en"));

const words = () => renderHook(() => useWords()).result.current;
type ProblemCode = Health["problem_details"][number]["code"];

const CODES = api.components.schemas.ProblemCode.enum;
const told = (code: string, facts: Record<string, number | string | null>) =>
  problemWords({ code: code as ProblemCode, facts, message: "as the server says it" }, words());

test.each(["en", "zh", "ru"])("every code of the server has words in %s", async (language) => {
  await i18next.changeLanguage(language);
  const figures = { samples: 3, links: 2, used_share: 0.96, days_left: 3, line: 0 };
  const facts = { ...figures, cause: "said", cause_code: "no_answer", place: "redis://r", device: "G1" };
  expect(CODES.length).toBeGreaterThan(10);
  for (const code of CODES) expect(told(code, facts), code).not.toMatch(/\{\{|undefined|null|as the server says it/);
});

test("a problem of the program is told in the reader's language, with its figures", async () => {
  expect(told("disk", { used_share: 0.96, days_left: 3.4 })).toMatch(/96 % full.*3\./);
  expect(told("disk", { used_share: 0.96, days_left: null })).not.toContain("left");
  expect(told("leases", { cause: "no reply", links: 4 })).toMatch(/no reply.*4/);
  await i18next.changeLanguage("ru");
  expect(told("history_dropped", { samples: 1200 })).toMatch(/Удалено отсчётов.*1.200/);
});

test("what is at the root of it is told in the reader's language, too", async () => {
  await i18next.changeLanguage("ru");
  const cause = { cause: "as the server says it", cause_code: "connection_refused" };
  expect(told("redis_unreachable", { ...cause, place: "redis://r" })).toMatch(/redis:\/\/r.*в соединении отказано/);
  expect(told("recording", { cause: "as the server says it", cause_code: "history_full" })).toMatch(/нет места/);
  expect(told("device", { ...cause, cause_code: "profile_missing", device: "G1", profile: "p" })).toMatch(
    /G1.*профиль p/,
  );
  expect(told("profile", { cause: "said", file: "a.yaml", line: 3, field: "x", said: "no" })).toMatch(
    /a\.yaml.*3.*no/,
  );
});

test("a code the page does not know is told as the server says it", () => {
  expect(told("weather", {})).toBe("as the server says it");
});
