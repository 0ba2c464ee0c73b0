import { renderHook } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, expect, test } from "vitest";
import type { Frame } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import { frameWords } from "./frame-words.ts";

afterEach(() => i18next.changeLanguage("en"));

const NOTHING = { unit_id: null, function: null, first: null, last: null, exception: null, size: 0 };
const told = (sent: boolean, ...spoken: Partial<Frame["spoken"][number]>[]) => {
  const frame = {
    at: "",
    at_ns: "1",
    bytes: "",
    meaning: "",
    sent,
    spoken: spoken.map((each) => ({ ...NOTHING, ...each })),
  };
  return frameWords(frame, renderHook(() => useWords()).result.current);
};

test("a request is told with its addresses, a reply with its size, a refusal with its exception", () => {
  const asked = { unit_id: 2, function: 3 };
  expect(told(true, { ...asked, first: 0, last: 5 })).toBe("unit 2: read holding registers 0–5");
  expect(told(true, { ...asked, first: 7, last: 7 })).toBe("unit 2: read holding registers 7");
  expect(told(false, { ...asked, size: 13 })).toBe("unit 2: read holding registers: 13 B");
  expect(told(false, { ...asked, exception: 2 })).toBe(
    "unit 2: read holding registers: exception 2, illegal data address",
  );
});

test("it is told in the reader's language, with the bytes that are no frame and functions that have no name", async () => {
  await i18next.changeLanguage("ru");
  expect(told(false, { unit_id: 1, function: 4, size: 5 }, { size: 3 })).toBe(
    "устройство 1: чтение регистров ввода: 5 Б; не кадр: 3 Б",
  );
  expect(told(true, { unit_id: 1, function: 43 })).toBe("устройство 1: функция 43");
});
