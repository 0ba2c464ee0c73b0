import { expect, test } from "vitest";
import { POWER, STATE, WARNINGS } from "@/testing/plant.ts";
import { isStepped, type SpareWords, setBits, valueWords } from "./value-words.ts";

const spare: SpareWords = { on: "On", off: "Off", code: (code) => `Code ${code}`, bit: (bit) => `Bit ${bit}` };

test("an analog value is a number with its unit", () => {
  expect(valueWords(POWER, 412.34, "en", spare)).toEqual({ kind: "number", number: "412.3", unit: "kW" });
});

test("a state is its label in the language, in English where there is none, and its code where there is no label", () => {
  expect(valueWords(STATE, 9, "ru", spare)).toEqual({ kind: "label", label: "Работа" });
  expect(valueWords(STATE, 9, "zh", spare)).toEqual({ kind: "label", label: "Running" });
  expect(valueWords(STATE, 4, "en", spare)).toEqual({ kind: "label", label: "Code 4" });
});

test("a bool without labels is on or off", () => {
  const flag = { ...STATE, type: "bool", labels: {} };
  expect(valueWords(flag, 1, "en", spare)).toEqual({ kind: "label", label: "On" });
  expect(valueWords(flag, 0, "en", spare)).toEqual({ kind: "label", label: "Off" });
});

test("a bit field is the texts of its active bits", () => {
  const words = valueWords(WARNINGS, 2 ** 3 + 2 ** 7 + 2 ** 9, "en", spare);
  expect(words).toEqual({ kind: "bits", active: ["Fuel low", "Battery low", "Bit 9"] });
});

test("bits above 31 signed are found", () => {
  expect(setBits(2 ** 31 + 1)).toEqual([0, 31]);
  expect(setBits(0)).toEqual([]);
});

test("a number that its controller is set to show as a state has steps, and its label", () => {
  const contact = { ...POWER, unit: "", labels: { "0": { en: "Off" }, "1": { en: "On" } } };
  expect([isStepped(contact), isStepped(POWER), isStepped(STATE), isStepped(WARNINGS)]).toEqual([
    true,
    false,
    true,
    true,
  ]);
  expect(valueWords(contact, 1, "en", spare)).toEqual({ kind: "label", label: "On" });
});
