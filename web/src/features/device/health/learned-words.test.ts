import { renderHook } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, expect, test } from "vitest";
import { useWords } from "@/i18n/use-words.ts";
import { holeWords, lessonWords, readGroupWords } from "./learned-words.ts";

afterEach(() => i18next.changeLanguage("en"));

const words = () => renderHook(() => useWords()).result.current;
const REFUSED = { code: "exception", facts: { exception: 3 } } as const;
const SAID = { code: "other", facts: {} } as const;
const AT = "2026-11-21T02:00:00Z";

test("a limit that was learned is told with its cause, in the reader's language", async () => {
  const longest = { limit: "max_registers", value: 124, why: "125 at once: no", cause: REFUSED, learned_at: AT };
  expect(lessonWords(longest, words())).toMatch(
    /^At most 124 registers per request: exception 3, illegal data value/,
  );
  await i18next.changeLanguage("ru");
  const pause = { limit: "pause_between_s", value: 0.05, why: "no", cause: SAID, learned_at: AT };
  expect(lessonWords(pause, words())).toMatch(/Пауза между запросами 50 мс/);
});

test("a hole of one address names it once, and what is not known is told as the server says it", () => {
  const hole = {
    table: "holding",
    first: 7,
    last: 7,
    why: "odd",
    cause: SAID,
    learned_at: AT,
    tries: 0,
    retry_at: AT,
  } as const;
  expect(holeWords(hole, words())).toMatch(/ 7: odd$/);
  expect(lessonWords({ limit: "weather", value: 3, why: "rain", cause: SAID, learned_at: AT }, words())).toBe(
    "weather 3: rain",
  );
});

test("usual read groups have a name in each language, others are called as in the profile", async () => {
  await i18next.changeLanguage("zh");
  expect(readGroupWords("slow", words().t)).toBe("慢速");
  expect(readGroupWords("hourly", words().t)).toBe("hourly");
});
