import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fakeSources } from "@/testing/fake-source.ts";
import { latest, POWER, STATE, value } from "@/testing/plant.ts";
import { LiveStore } from "./live-store.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-11-21T03:00:10Z") });
});
afterEach(() => {
  vi.useRealTimers();
});

function opened() {
  const sources = fakeSources();
  const frames: (() => void)[] = [];
  const store = new LiveStore({ openSource: sources.openSource, nextFrame: (run) => frames.push(run) });
  store.open("/stream", 5000);
  const flush = () => {
    for (const run of frames.splice(0)) run();
  };
  flush();
  return { store, sources, frames, flush };
}

test("a burst of batches costs each listener one call a frame", () => {
  const { store, sources, frames, flush } = opened();
  const heard = vi.fn();
  store.onPoint(POWER.id, heard);
  for (let power = 0; power < 5; power += 1) sources.last().send([latest([value(POWER, { value: power })])]);
  expect(frames.length).toBe(1);
  expect(heard).not.toHaveBeenCalled();
  flush();
  expect(heard).toHaveBeenCalledTimes(1);
  expect(store.value(POWER.id)?.value).toBe(4);
});

test("a listener hears of its own point only, and only when it changed", () => {
  const { store, sources, flush } = opened();
  const power = vi.fn();
  const state = vi.fn();
  sources.last().send([latest([value(POWER), value(STATE)])]);
  flush();
  store.onPoint(POWER.id, power);
  store.onPoint(STATE.id, state);
  const known = store.value(STATE.id);
  sources
    .last()
    .send([latest([value(POWER, { value: 7, at: "2026-11-21T03:00:01Z" }), value(STATE, { age_s: 1.2 })])]);
  flush();
  expect(power).toHaveBeenCalledTimes(1);
  expect(state).not.toHaveBeenCalled();
  expect(store.value(STATE.id)).toBe(known);
});

test("one who has left hears nothing", () => {
  const { store, sources, flush } = opened();
  const heard = vi.fn();
  store.onPoint(POWER.id, heard)();
  sources.last().send([latest([value(POWER)])]);
  flush();
  expect(heard).not.toHaveBeenCalled();
});

test("times are on this browser's clock, whatever the server's says", () => {
  const { store, sources } = opened();
  sources.last().send([latest([value(POWER, { at: "2030-01-01T00:00:00Z", age_s: 4 })])]);
  expect(store.value(POWER.id)?.atMs).toBe(Date.now() - 4000);
  expect(store.serverNowMs()).toBe(Date.parse("2030-01-01T00:00:04Z"));
  expect(store.toLocalMs(Date.parse("2030-01-01T00:00:04Z"))).toBe(Date.now());
});

test("the age of a sample that is sent again goes on growing", () => {
  const { store, sources } = opened();
  sources.last().send([latest([value(POWER, { age_s: 0 })])]);
  const at = store.value(POWER.id)?.atMs;
  vi.advanceTimersByTime(3000);
  sources.last().send([latest([value(POWER, { age_s: 2.7 })])]);
  expect(store.value(POWER.id)?.atMs).toBe(at);
});

test("the states are a new map only when one changed", () => {
  const { store, sources } = opened();
  sources.last().send([latest([])]);
  const before = store.states();
  sources.last().send([latest([], { timestamp: "2026-11-21T03:00:05Z" })]);
  expect(store.states()).toBe(before);
  sources.last().send([latest([], { status: "offline", error: "no answer" })]);
  expect(store.states().get(1)).toBe("offline");
  expect(store.device(1)?.error).toBe("no answer");
});

test("a device keeps its list of points until the points change", () => {
  const { store, sources } = opened();
  sources.last().send([latest([value(POWER)])]);
  const before = store.device(1)?.pointIds;
  sources.last().send([latest([value(POWER, { value: 3 })])]);
  expect(store.device(1)?.pointIds).toBe(before);
  sources.last().send([latest([value(POWER), value(STATE)])]);
  expect(store.device(1)?.pointIds.get("state")).toBe(STATE.id);
});

test("opening another view closes the stream of the first", () => {
  const { store, sources } = opened();
  store.open("/other", 5000);
  expect(sources.opened.map((source) => source.isClosed)).toEqual([true, false]);
  expect(sources.last().url).toBe("/other");
});

test("changing the view is not an outage, but a new view of a silent server is", () => {
  const { store, sources } = opened();
  sources.last().send([]);
  store.close();
  store.open("/other", 5000);
  expect(store.connection().state).toBe("live");
  vi.advanceTimersByTime(5000);
  expect(store.connection().state).toBe("reconnecting");
  store.open("/third", 5000);
  expect(store.connection().state).toBe("connecting");
});

test("a view without a stream is not called live", () => {
  const { store, sources } = opened();
  sources.last().send([]);
  store.close();
  expect(store.connection().state).toBe("idle");
});

test("values stay while the server is away: what they lose is their freshness", () => {
  const { store, sources } = opened();
  sources.last().send([latest([value(POWER, { value: 5 })])]);
  sources.last().fail();
  expect(store.connection().state).toBe("reconnecting");
  expect(store.value(POWER.id)?.value).toBe(5);
});

test("who asks how a device stands hears nothing of a reading that changes nothing about it", () => {
  const { store, sources, flush } = opened();
  const read = vi.fn();
  const stood = vi.fn();
  sources.last().send([latest([value(POWER)])]);
  flush();
  const id = latest([]).device_id;
  store.onDevice(id, read);
  store.onStanding(id, stood);
  sources.last().send([{ ...latest([value(POWER)]), timestamp: "2026-11-21T03:00:11Z" }]);
  flush();
  expect(read).toHaveBeenCalledOnce();
  expect(stood).not.toHaveBeenCalled();
  sources.last().send([{ ...latest([value(POWER)]), alert: "critical" }]);
  flush();
  expect(stood).toHaveBeenCalledOnce();
});
