import { renderHook } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, expect, test } from "vitest";
import type { FieldError } from "@/api/errors.ts";
import { useWords } from "@/i18n/use-words.ts";
import api from "../../openapi.json";
import { faultWords } from "./fault-words.ts";

afterEach(() => i18next.changeLanguage("en"));

const CODES = api.components.schemas.ComplaintCode.enum.filter((code) => code !== "other") as FieldError["code"][];
const words = () => renderHook(() => useWords()).result.current;
const told = (code: string, facts: FieldError["facts"] = {}, message = "interval_s: as the server says it") =>
  faultWords({ field: "interval_s", message, code: code as FieldError["code"], facts }, words());

test.each(["en", "zh", "ru"])(
  "every code of the server has words in %s, and no fact is left out of them",
  async (language) => {
    await i18next.changeLanguage(language);
    const facts = {
      bound: 1,
      low: 1,
      high: 5,
      step: 2,
      other: "interval_s",
      devices: 2,
      most: 9,
      point: "mode",
      allowed: "'a'",
      said: "pump.yaml:3: a mistake",
    };
    expect(CODES.length).toBeGreaterThan(30);
    for (const code of CODES)
      expect(told(code, facts), code).not.toMatch(/\{\{|undefined|null|as the server says it/);
  },
);

test("complaints are told with their figures", () => {
  expect(told("least", { bound: 1 })).toBe("Must be 1 or more.");
  expect(told("longest", { bound: 50 })).toBe("At most 50 characters.");
  expect(told("range", { low: 1, high: 3600 })).toBe("Allowed: 1 to 3600.");
  expect(told("range", { low: 1, high: 65_535 })).toBe("Allowed: 1 to 65535.");
  expect(told("range", { low: 0, high: 80.5, unit: "%" })).toBe("Allowed: 0 to 80.5 %.");
  expect(told("above_field", { other: "unit_id", bound: 3 })).toBe("Must be greater than Unit ID (3).");
});

test("a code the page does not know leaves the server's words, without the field that stands beside them", () => {
  expect(told("other")).toBe("As the server says it");
  expect(told("moonshine")).toBe("As the server says it");
});
