import { expect, test } from "vitest";
import { formatNumber } from "./numbers.ts";

test("a value has the decimals of its point", () => {
  expect(formatNumber(50, 2, "en")).toBe("50.00");
  expect(formatNumber(1234.56, 1, "en")).toBe("1,234.6");
});

test("without decimals a float shows no noise", () => {
  expect(formatNumber(0.1 + 0.2, null, "en")).toBe("0.3");
});

test("numbers are written as the language writes them", () => {
  expect(formatNumber(1234.5, 1, "ru").replace(/\s/g, " ")).toBe("1 234,5");
  expect(formatNumber(1234.5, 1, "zh")).toBe("1,234.5");
});

test("a value that rounds to zero has no sign", () => {
  expect(formatNumber(-0.04, 1, "en")).toBe("0.0");
  expect(formatNumber(-1, 0, "en")).toBe("-1");
});
