import { renderHook } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, expect, test } from "vitest";
import { useWords } from "@/i18n/use-words.ts";
import api from "../../openapi.json";
import { causeOfFacts, causeWords, saidWords } from "./cause-words.ts";

afterEach(() => i18next.changeLanguage("en"));

const words = () => renderHook(() => useWords()).result.current;
const CODES = api.components.schemas.CauseCode.enum.filter((code) => code !== "other");
const REQUEST = { unit: 2, table: "holding", first: 0, last: 3 };
const ALL = {
  ...REQUEST,
  limit_s: 2,
  silent_s: 12,
  wait_s: 8,
  backup: "tcp://10.0.0.6:502",
  exception: 2,
  said: "said",
  point: "model",
  value: 3,
  profile: "pump",
  allowed: "1, 2",
  link: "tcp://10.0.0.5:502",
  collector: "c1",
  waiting: 64,
  folder: "/mnt/nas",
  pieces: 3,
  low: 4321,
  high: 4329,
};

test.each(["en", "zh", "ru"])(
  "every code of the server has words in %s, and no fact is left out of them",
  async (language) => {
    await i18next.changeLanguage(language);
    expect(CODES.length).toBeGreaterThan(30);
    for (const code of CODES) {
      const told = causeWords({ code, facts: ALL }, words());
      expect(told, code).toBeTruthy();
      expect(told, code).not.toMatch(/\{\{|undefined|null|^cause\./);
    }
  },
);

test.each([
  ["no_reply", { ...REQUEST, limit_s: 2 }, "no reply within 2s (holding 0–3)"],
  ["exception", { ...REQUEST, exception: 2 }, "exception 2, illegal data address (holding 0–3)"],
  ["exception", { ...REQUEST, first: 3, exception: 77 }, "exception 77, unknown exception (holding 3)"],
  ["checksum", REQUEST, "checksum error (holding 0–3)"],
  ["connection_refused", { wait_s: 4.02 }, "connection refused; next attempt in 4s"],
  ["connection_refused", { backup: "tcp://b" }, "connection refused; nor is the backup tcp://b reachable"],
  ["connect_timeout", { limit_s: 3 }, "no connection within 3s"],
  ["connect_timeout", {}, "connection timed out"],
  ["silent", { unit: 3, silent_s: 12, wait_s: 8 }, "silent for 12s, next attempt in 8s"],
])("a cause is told with its facts: %s", (code, facts, told) => {
  expect(causeWords({ code, facts }, words())).toBe(told);
});

test("it is told in the reader's language; a code the page does not know leaves the server's words", async () => {
  await i18next.changeLanguage("ru");
  expect(causeWords({ code: "late_reply", facts: REQUEST }, words())).toMatch(
    /^запрос отложен.*\(рег\. хранения 0–3\)$/,
  );
  expect(saidWords({ code: "moonshine", facts: {} }, "as the program says it", words())).toBe(
    "as the program says it",
  );
  expect(saidWords({ code: "other", facts: {} }, "as the program says it", words())).toBe("as the program says it");
  expect(saidWords(null, "as the program says it", words())).toBe("as the program says it");
});

test("a cause may be among other facts; one without a code is in the server's words", () => {
  expect(causeOfFacts({ point: "mode", cause: "said", cause_code: "port_in_use" }, words())).toMatch(
    /^serial port in use/,
  );
  expect(causeOfFacts({ cause: "said" }, words())).toBe("said");
});
