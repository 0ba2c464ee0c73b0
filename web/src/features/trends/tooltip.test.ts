import { expect, test } from "vitest";
import { escapeHtml } from "./tooltip.ts";

test("a name cannot become markup", () => {
  expect(escapeHtml(`<img src=x onerror="a('&')">`)).not.toMatch(/[<>"']/);
});
