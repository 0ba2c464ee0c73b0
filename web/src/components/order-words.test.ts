import { renderHook } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, expect, test } from "vitest";
import type { Controls, DeviceDetail } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import { obstacleWords, reasonWords } from "./order-words.ts";

afterEach(() => i18next.changeLanguage("en"));

const words = () => renderHook(() => useWords()).result.current;
const MODE = { key: "mode", name: { en: "Mode", zh: "模式" }, unit: "", labels: { 0: { en: "Auto", zh: "自动" } } };
const DEVICE = { points: [{ ...MODE, bits: {}, decimals: null, type: "uint16" }] } as unknown as DeviceDetail;

test("an unmet precondition is told with the names of the profile, in the reader's language", async () => {
  const refused = { code: "precondition", facts: { point: "mode", equals: 0, now: null }, message: "no" };
  expect(reasonWords(DEVICE.points, refused, words())).toBe(
    "Nothing was sent: Mode must be Auto first (now: no value).",
  );
  await i18next.changeLanguage("zh");
  expect(reasonWords(DEVICE.points, refused, words())).toBe("未下发：要求“模式”先为 自动（当前：无数值）。");
});

test("what the driver says is worded too, and a code the page does not know is told as the server says it", () => {
  const facts = { cause: "as the driver says it", cause_code: "connection_refused" };
  const lost = reasonWords(DEVICE.points, { code: "nothing_sent", facts, message: "no" }, words());
  expect(lost).toMatch(/^Nothing was sent: connection refused/);
  expect(reasonWords(DEVICE.points, { code: "", facts: {}, message: "above 90" }, words())).toBe("above 90");
});

test("why a device cannot be controlled is told by its code", async () => {
  const off: Controls = { problem: "switched off", problem_code: "writes_off", points: [], commands: [] };
  expect(obstacleWords(off, words())).toMatch(/switched off on the server/);
  await i18next.changeLanguage("ru");
  expect(obstacleWords(off, words())).toMatch(/отключена на сервере/);
  expect(obstacleWords({ ...off, problem: null, problem_code: null }, words())).toBeNull();
});
