import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fakeSources } from "@/testing/fake-source.ts";
import { type Connection, parseBatch, Stream, waitMs } from "./stream.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

function opened(silenceMs = 5000) {
  const sources = fakeSources();
  const states: Connection[] = [];
  const onBatch = vi.fn();
  const stream = new Stream("/stream", silenceMs, {
    openSource: sources.openSource,
    parse: parseBatch,
    onBatch,
    onConnection: (connection) => states.push(connection),
    now: Date.now,
    random: () => 1,
  });
  return { stream, sources, states, onBatch, state: () => states.at(-1)?.state };
}

test("it is live only when the first batch has come", () => {
  const { sources, state } = opened();
  expect(state()).toBe("connecting");
  sources.last().send([]);
  expect(state()).toBe("live");
});

test("after a failure it waits, then tries again, with growing waits up to thirty seconds", () => {
  const { sources, states } = opened();
  for (let failures = 0; failures < 10; failures += 1) {
    const before = sources.opened.length;
    sources.last().fail();
    const { retryAtMs } = states.at(-1) ?? { retryAtMs: null };
    vi.advanceTimersByTime((retryAtMs ?? 0) - Date.now() - 1);
    expect(sources.opened.length).toBe(before);
    vi.advanceTimersByTime(1);
    expect(sources.opened.length).toBe(before + 1);
  }
  const waits = Array.from({ length: 10 }, (_, attempt) => waitMs(attempt, 1));
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
});

test("jitter takes up to half of the wait", () => {
  expect(waitMs(3, 0)).toBe(2000);
  expect(waitMs(3, 0.5)).toBe(3000);
  expect(waitMs(99, 1)).toBe(30_000);
});

test("it is called lost after half a minute, and comes back all the same", () => {
  const { sources, state } = opened();
  sources.last().send([]);
  const end = Date.now() + 120_000;
  while (Date.now() < end) {
    sources.last().fail();
    vi.advanceTimersByTime(30_000);
  }
  sources.last().fail();
  expect(state()).toBe("lost");
  vi.advanceTimersByTime(30_000);
  sources.last().send([]);
  expect(state()).toBe("live");
});

test("silence is a failure too", () => {
  const { sources, state } = opened(5000);
  sources.last().send([]);
  vi.advanceTimersByTime(4999);
  sources.last().send([]);
  vi.advanceTimersByTime(4999);
  expect(state()).toBe("live");
  vi.advanceTimersByTime(1);
  expect(state()).toBe("reconnecting");
  expect(sources.opened[0]?.isClosed).toBe(true);
});

test("a batch that is no batch is a failure, not a crash", () => {
  const { sources, state, onBatch } = opened();
  sources.last().onmessage?.({ data: "{ not json" });
  expect(state()).toBe("reconnecting");
  vi.advanceTimersByTime(1000);
  sources.last().onmessage?.({ data: '{"an":"object"}' });
  expect(state()).toBe("reconnecting");
  expect(onBatch).not.toHaveBeenCalled();
});

test("the outage counts from the first failure, not from the last try", () => {
  const { sources, states } = opened();
  sources.last().send([]);
  sources.last().fail();
  const since = states.at(-1)?.sinceMs;
  vi.advanceTimersByTime(600);
  sources.last().fail();
  expect(states.at(-1)?.sinceMs).toBe(since);
});

test("a closed stream stays closed", () => {
  const { stream, sources } = opened();
  sources.last().fail();
  stream.close();
  vi.advanceTimersByTime(120_000);
  expect(sources.opened.length).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("asked to retry, it does not wait", () => {
  const { stream, sources } = opened();
  sources.last().fail();
  stream.retryNow();
  expect(sources.opened.length).toBe(2);
  expect(vi.getTimerCount()).toBe(1);
});
