import { renderHook } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, expect, test } from "vitest";
import { useWords } from "@/i18n/use-words.ts";
import { detailWords } from "./detail-words.ts";

afterEach(() => i18next.changeLanguage("en"));

const words = () => renderHook(() => useWords()).result.current;
const WHERE = "rtu_over_tcp://10.0.0.5:4196, unit 2, holding 0..3: ";

test.each([
  ["no reply within 2 s", "no reply within 2s (holding 0–3)"],
  ["no reply within 2 s, only 7 bytes that are no frame", "no reply within 2s (holding 0–3)"],
  ["exception 2 (illegal data address)", "exception 2, illegal data address (holding 0–3)"],
  ["a reply with a wrong checksum came, and no other within 2 s", "checksum error (holding 0–3)"],
  ["9 bytes expected, got 01 03 (2 bytes)", "unexpected reply (holding 0–3)"],
])("what failed in a request is told with its registers: %s", (said, told) => {
  expect(detailWords(WHERE + said, words())).toBe(told);
});

test.each([
  ["tcp://10.0.0.5:502: connection refused; next attempt in 4.0 s", "connection refused; next attempt in 4s"],
  ["tcp://10.0.0.5:502: no connection within 3 s", "no connection within 3s"],
  ["tcp://10.0.0.5:502: unit 3 has been silent for 12 s, asked again in 8.0 s", "silent for 12s, next attempt in 8s"],
])("what failed on the link is told without the address that stands beside it: %s", (said, told) => {
  expect(detailWords(said, words())).toBe(told);
});

test("it is told in the reader's language, and what the page does not know is left to the server's words", async () => {
  await i18next.changeLanguage("ru");
  const late = `${WHERE}not sent, a late reply could be mistaken for its answer (no reply within 2 s)`;
  expect(detailWords(late, words())).toMatch(/^запрос отложен.*\(рег\. хранения 0–3\)$/);
  expect(detailWords("profile 'pump' cannot be used", words())).toBeUndefined();
});
