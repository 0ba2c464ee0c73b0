import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { fakeSources } from "@/testing/fake-source.ts";
import { LiveContext, useHeartbeat, useIsAwaited } from "./live-context.ts";
import { LiveStore } from "./live-store.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function turn(state: DocumentVisibilityState) {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(state);
  act(() => {
    document.dispatchEvent(new Event("visibilitychange"));
  });
}

test("a hidden tab gives its connection back after a while, and takes one again when it is looked at", () => {
  vi.useFakeTimers();
  const sources = fakeSources();
  const store = new LiveStore({ openSource: sources.openSource, nextFrame: (run) => run() });
  renderHook(() => useHeartbeat(), {
    wrapper: ({ children }) => <LiveContext value={store}>{children}</LiveContext>,
  });
  expect(store.connection().state).toBe("connecting");
  turn("hidden");
  act(() => vi.advanceTimersByTime(10_000));
  expect(store.connection().state).not.toBe("idle");
  act(() => vi.advanceTimersByTime(10_000));
  expect(store.connection().state).toBe("idle");
  turn("visible");
  expect(store.connection().state).toBe("connecting");
});

function awaiting() {
  const sources = fakeSources();
  const store = new LiveStore({ openSource: sources.openSource, nextFrame: (run) => run(), firstWordMs: 800 });
  return renderHook(({ isTold }) => useIsAwaited(isTold), {
    initialProps: { isTold: false },
    wrapper: ({ children }) => <LiveContext value={store}>{children}</LiveContext>,
  });
}

test("a view waits for the first word of its stream, and no longer than it has come", () => {
  vi.useFakeTimers();
  const { result, rerender } = awaiting();
  expect(result.current).toBe(true);
  rerender({ isTold: true });
  expect(result.current).toBe(false);
});

test("a view whose stream says nothing shows after a while what it knows without it", () => {
  vi.useFakeTimers();
  const { result } = awaiting();
  act(() => vi.advanceTimersByTime(700));
  expect(result.current).toBe(true);
  act(() => vi.advanceTimersByTime(200));
  expect(result.current).toBe(false);
});
