import { expect, test, vi } from "vitest";
import { createTicker } from "./ticker.ts";

test("one timer serves all who listen, and stops with the last", () => {
  vi.useFakeTimers();
  const ticker = createTicker(() => Date.now());
  const first = vi.fn();
  const second = vi.fn();
  const leaveFirst = ticker.subscribe(first);
  const leaveSecond = ticker.subscribe(second);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(1000);
  expect(first).toHaveBeenCalledTimes(1);
  expect(second).toHaveBeenCalledTimes(1);
  leaveFirst();
  leaveSecond();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
