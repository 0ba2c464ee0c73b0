import { act, renderHook } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { fakeSources } from "@/testing/fake-source.ts";
import { LiveContext, useHeartbeat } from "./live-context.ts";
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
