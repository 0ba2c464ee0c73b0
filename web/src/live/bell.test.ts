import { expect, test, vi } from "vitest";
import { Bell } from "./bell.ts";

function bell() {
  const frames: (() => void)[] = [];
  return { bell: new Bell((run) => frames.push(run)), frames, nextFrame: () => frames.shift()?.() };
}

test("a burst of topics is told in a few frames, each once and none forgotten", () => {
  const { bell: rung, frames, nextFrame } = bell();
  const heard: number[] = [];
  for (let topic = 0; topic < 100; topic += 1) rung.listen(`${topic}`, () => heard.push(topic));
  for (let topic = 0; topic < 100; topic += 1) rung.ring(`${topic}`);
  nextFrame();
  expect(heard.length).toBeGreaterThan(0);
  expect(heard.length).toBeLessThan(100);
  while (frames.length > 0) nextFrame();
  expect(heard).toEqual(Array.from({ length: 100 }, (_, topic) => topic));
});

test("what is rung again while it waits is told once, and what is rung later in its turn", () => {
  const { bell: rung, frames, nextFrame } = bell();
  const listeners = Array.from({ length: 100 }, (_, topic) => {
    const listener = vi.fn();
    rung.listen(`${topic}`, listener);
    rung.ring(`${topic}`);
    return listener;
  });
  nextFrame();
  rung.ring("99");
  rung.ring("0");
  while (frames.length > 0) nextFrame();
  expect(listeners[99]).toHaveBeenCalledOnce();
  expect(listeners[0]).toHaveBeenCalledTimes(2);
});

test("a topic that nobody listens to costs no frame", () => {
  const { bell: rung, frames } = bell();
  rung.ring("nobody");
  expect(frames).toHaveLength(0);
});
