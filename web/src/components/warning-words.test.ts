import { renderHook } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, expect, test } from "vitest";
import { useWords } from "@/i18n/use-words.ts";
import api from "../../openapi.json";
import { type DeviceWarning, warningWords } from "./warning-words.ts";

afterEach(() => i18next.changeLanguage("en"));

const words = () => renderHook(() => useWords()).result.current;
const CODES = api.components.schemas.WarningCode.enum.filter((code) => code !== "") as DeviceWarning["code"][];
const TOO_LONG: DeviceWarning = {
  field: "interval_s",
  message: "a poll cycle takes about 3.2 s",
  code: "cycle_too_long",
  facts: { longest_s: 3.2, interval_s: 1, requests: 12, paused_s: 1.2, baudrate: 9600, shortest_s: 3.2 },
};

test.each(["en", "zh", "ru"])("every code of the server has words in %s", async (language) => {
  await i18next.changeLanguage(language);
  expect(CODES.length).toBeGreaterThan(4);
  const clock = { shown: "12:00:00", off_s: 240, zone: "UTC+03:00", device: "G1", timeout_s: 3, link_share: 3.1 };
  const facts = { ...TOO_LONG.facts, ...clock, devices: 9, own_share: 0.5 };
  for (const code of CODES) {
    const told = warningWords({ field: "x", message: "as the server says it", code, facts }, words());
    expect(told, code).not.toMatch(/\{\{|undefined|null|as the server says it/);
  }
});

test("a warning tells the cause and what to do about it, in the reader's language", async () => {
  expect(warningWords(TOO_LONG, words())).toMatch(/takes 3\.2s, longer than the interval of 1s.*12 requests/);
  expect(warningWords(TOO_LONG, words())).toMatch(/9,?600 baud.*Use an interval of 3\.2s or more/);
  await i18next.changeLanguage("ru");
  expect(warningWords(TOO_LONG, words())).toMatch(/Цикл опроса занимает.*Задайте период не менее/);
});

test("a wrong clock is told by how far, which way, and in which zone it was read", async () => {
  const facts = { shown: "12:00:00", off_s: 240, zone: "UTC+03:00" };
  const clock: DeviceWarning = { field: "clock", message: "no", code: "clock_slow", facts };
  expect(warningWords(clock, words())).toBe("The device clock shows 12:00:00: 4m slow, read as UTC+03:00.");
  await i18next.changeLanguage("zh");
  expect(warningWords(clock, words())).toContain("慢");
});

test("where no interval would do none is named, and a code the page does not know is told as the server says it", () => {
  const facts = { devices: 9, link_share: 3.1, own_share: 0.5, shortest_s: null };
  const crowded = warningWords({ field: "interval_s", message: "no", code: "link_overloaded", facts }, words());
  expect(crowded).toContain("310 %");
  expect(crowded).not.toContain("Use an interval");
  expect(warningWords({ field: "clock", message: "240 s after ours", code: "", facts: {} }, words())).toBe(
    "240 s after ours",
  );
});
