import { expect, test } from "vitest";
import { unitIn } from "./units.ts";
import { valueWords } from "./value-words.ts";

test("units are written as the language writes them, and stay where it has no symbol of its own", () => {
  expect(unitIn("kW", "ru")).toBe("кВт");
  expect(unitIn("rpm", "zh")).toBe("r/min");
  expect(unitIn("kW", "zh")).toBe("kW");
  expect(unitIn("°C", "ru")).toBe("°C");
  expect(unitIn("constructor", "ru")).toBe("constructor");
});

test("a value has its unit in the language of its number", () => {
  const point = { type: "float32", unit: "Hz", decimals: 1, labels: {}, bits: {} };
  const spare = { on: "", off: "", code: String, bit: String };
  expect(valueWords(point, 49.96, "ru", spare)).toEqual({ kind: "number", number: "50,0", unit: "Гц" });
});
