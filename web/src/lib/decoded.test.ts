import { expect, test } from "vitest";
import { decoded } from "./decoded.ts";

const bytes = (...values: number[]) => Uint8Array.from(values).buffer;

test.each([
  ["UTF-8", new TextEncoder().encode("21 °C").buffer as ArrayBuffer, "en", "21 °C"],
  ["UTF-16 with its mark", bytes(0xff, 0xfe, 0xb0, 0x00, 0x43, 0x00), "en", "°C"],
  ["what Excel writes in Europe", bytes(0xb0, 0x43), "en", "°C"],
  ["what it writes in Russia", bytes(0xcd, 0xe0, 0xef, 0xee, 0xf0), "ru", "Напор"],
  ["what it writes in China", bytes(0xc1, 0xf7, 0xc1, 0xbf), "zh", "流量"],
])("a file in %s is read", (_, content, language, text) => {
  expect(decoded(content, language)).toBe(text);
});
