import { expect, test } from "vitest";
import { SILENT_AFTER_MS, standing } from "./freshness.ts";
import type { LiveValue } from "./live-store.ts";

const good: LiveValue = {
  value: 1,
  text: null,
  quality: "good",
  reason: null,
  alert: null,
  atMs: 100_000,
  at: "2026-11-21T03:00:00Z",
  lastGoodValue: null,
  lastGoodText: null,
  lastGoodAtMs: null,
};

test("a good value is old when the server has been silent for too long", () => {
  expect(standing(good, SILENT_AFTER_MS)).toBe("good");
  expect(standing(good, SILENT_AFTER_MS + 1)).toBe("stale");
});

test("a point that is read seldom is not old while the server says that it is good", () => {
  expect(standing({ ...good, atMs: 0 }, 0)).toBe("good");
});

test("a bad value stays bad however young it is", () => {
  expect(standing({ ...good, quality: "bad", reason: "sensor", value: null }, 0)).toBe("bad");
});

test("uncertain because nobody renews it is stale; uncertain for another reason is uncertain", () => {
  expect(standing({ ...good, quality: "uncertain", reason: "stale" }, 0)).toBe("stale");
  expect(standing({ ...good, quality: "uncertain", reason: "manual" }, 0)).toBe("uncertain");
});

test("what was never heard is awaited", () => {
  expect(standing(undefined, 0)).toBe("waiting");
});
