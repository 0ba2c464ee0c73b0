import { expect, test } from "vitest";
import { parseRef, refText, trendLink } from "./trend-link.ts";

test("a reference is read back as it was written", () => {
  const ref = { deviceId: 3, key: "coolant.temperature" };
  expect(parseRef(refText(ref))).toEqual(ref);
});

test.each(["", "3", "x.power", ".power", "3."])("%j is no reference", (text) => {
  expect(parseRef(text)).toBeNull();
});

test("a link needs no escapes", () => {
  expect(trendLink([{ deviceId: 1, key: "power" }], "6h")).toBe("/trends?point=1.power&range=6h");
});
