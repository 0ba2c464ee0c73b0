import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { useRested } from "./use-rested.ts";

afterEach(() => vi.useRealTimers());

test("what comes while the page is scrolled waits until it rests, and then stays", async () => {
  vi.useFakeTimers();
  expect(renderHook(useRested).result.current).toBe(true);
  document.dispatchEvent(new Event("scroll"));
  const { result } = renderHook(useRested);
  expect(result.current).toBe(false);
  await act(() => vi.advanceTimersByTimeAsync(150));
  document.dispatchEvent(new Event("scroll"));
  await act(() => vi.advanceTimersByTimeAsync(150));
  expect(result.current).toBe(false);
  await act(() => vi.advanceTimersByTimeAsync(100));
  expect(result.current).toBe(true);
  document.dispatchEvent(new Event("scroll"));
  expect(result.current).toBe(true);
  await act(() => vi.advanceTimersByTimeAsync(300));
});
