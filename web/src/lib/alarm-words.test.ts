import { expect, test } from "vitest";
import { type AlarmPoint, activeAlarms } from "./alarm-words.ts";

const SPARE = { on: "On", off: "Off", code: String, bit: (bit: number) => `Bit ${bit}` };
const BITS: AlarmPoint = {
  key: "shutdown_1",
  name: { en: "Shutdown 1", ru: "Останов 1" },
  alarm: "critical",
  type: "bitfield16",
  unit: "",
  decimals: null,
  labels: {},
  bits: { "0": { en: "Emergency stop", ru: "Аварийный стоп" } },
};
const WARNING: AlarmPoint = { ...BITS, key: "warning_1", name: { en: "Warning 1" }, alarm: "warning" };
const COMMON: AlarmPoint = { ...BITS, key: "common", name: { en: "Common alarm" }, type: "bool", bits: {} };
const words = (values: Record<string, number | null>, language = "en") =>
  activeAlarms([WARNING, COMMON, BITS], (point) => values[point.key], language, SPARE).map((alarm) => alarm.word);

test("active bits are told by name in the language, and by number where they have none", () => {
  expect(words({ shutdown_1: 9 }, "ru")).toEqual(["Аварийный стоп", "Bit 3"]);
});

test("what is critical comes first", () => {
  expect(words({ warning_1: 2, shutdown_1: 1 })).toEqual(["Emergency stop", "Bit 1"]);
});

test("a single bit is told only while nothing says more", () => {
  expect(words({ common: 1 })).toEqual(["Common alarm"]);
  expect(words({ common: 1, shutdown_1: 1 })).toEqual(["Emergency stop"]);
});

test("values that are zero, bad or not there are no alarms", () => {
  expect(words({ common: 0, shutdown_1: null })).toEqual([]);
});
