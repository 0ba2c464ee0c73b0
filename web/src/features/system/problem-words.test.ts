import { renderHook } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, expect, test } from "vitest";
import { useWords } from "@/i18n/use-words.ts";
import { problemWords } from "./problem-words.ts";

afterEach(() => i18next.changeLanguage("en"));

const words = () => renderHook(() => useWords()).result.current;
const told = (code: string, facts: Record<string, number | string | null>) =>
  problemWords({ code, facts, message: "as the server says it" }, words());

test("a problem of the program is told in the reader's language, with its figures", async () => {
  expect(told("disk", { used_share: 0.96, days_left: 3.4 })).toMatch(/96 % full.*3\./);
  expect(told("disk", { used_share: 0.96, days_left: null })).not.toContain("left");
  expect(told("leases", { cause: "no reply", links: 4 })).toMatch(/no reply.*4/);
  await i18next.changeLanguage("ru");
  expect(told("history_dropped", { samples: 1200 })).toMatch(/Удалено отсчётов.*1.200/);
});

test("a code the page does not know is told as the server says it", () => {
  expect(told("weather", {})).toBe("as the server says it");
});
