import { expect, test } from "vitest";
import { staleAfterMs, standing } from "./freshness.ts";
import type { LiveValue } from "./live-store.ts";

const good: LiveValue = {
  value: 1,
  text: null,
  quality: "good",
  reason: null,
  atMs: 100_000,
  at: "2026-11-21T03:00:00Z",
  lastGoodValue: null,
  lastGoodAtMs: null,
};

test("a good value turns stale by its age alone", () => {
  expect(standing(good, 104_000, 5000)).toBe("good");
  expect(standing(good, 106_000, 5000)).toBe("stale");
});

test("a bad value stays bad however young it is", () => {
  expect(standing({ ...good, quality: "bad", reason: "sensor", value: null }, 100_000, 5000)).toBe("bad");
});

test("uncertain because nobody renews it is stale; uncertain for another reason is uncertain", () => {
  expect(standing({ ...good, quality: "uncertain", reason: "stale" }, 100_000, 5000)).toBe("stale");
  expect(standing({ ...good, quality: "uncertain", reason: "manual" }, 100_000, 5000)).toBe("uncertain");
});

test("what was never heard is awaited", () => {
  expect(standing(undefined, 100_000, 5000)).toBe("waiting");
});

test("a slow device is given the time that it takes", () => {
  expect(staleAfterMs(1)).toBe(5000);
  expect(staleAfterMs(60)).toBe(181_000);
});
