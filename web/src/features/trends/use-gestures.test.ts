import { renderHook } from "@testing-library/react";
import type { PointerEvent } from "react";
import { expect, test } from "vitest";
import type { Bounds } from "./time-range.ts";
import { useGestures } from "./use-gestures.ts";

const WIDTH_PX = 200;

function chart() {
  const element = document.createElement("div");
  element.getBoundingClientRect = () => new DOMRect(0, 0, WIDTH_PX, 100);
  const views: [Bounds, boolean][] = [];
  const { result } = renderHook(() =>
    useGestures(
      { current: element },
      { current: document.createElement("div") },
      {
        current: () => ({ startMs: 0, endMs: 1000 }),
        insets: { left: 0, right: 0, top: 0, bottom: 0 },
        onView: ({ startMs, endMs }, done) =>
          views.push([{ startMs: Math.round(startMs), endMs: Math.round(endMs) }, done]),
        onStep: () => undefined,
      },
    ),
  );
  const touch = (pointerId: number, clientX: number) =>
    ({
      pointerId,
      clientX,
      button: 0,
      pointerType: "touch",
      shiftKey: false,
      currentTarget: { setPointerCapture: () => undefined },
    }) as unknown as PointerEvent<HTMLDivElement>;
  return { gestures: result.current, touch, views };
}

test("a finger moves the view", () => {
  const { gestures, touch, views } = chart();
  gestures.onPointerDown(touch(1, 100));
  gestures.onPointerUp(touch(1, 50));
  expect(views).toEqual([[{ startMs: 250, endMs: 1250 }, true]]);
});

test("two fingers zoom, and the one that stays when the other is lifted moves nothing", () => {
  const { gestures, touch, views } = chart();
  gestures.onPointerDown(touch(1, 80));
  gestures.onPointerDown(touch(2, 120));
  gestures.onPointerMove(touch(1, 60));
  gestures.onPointerMove(touch(2, 140));
  gestures.onPointerUp(touch(2, 140));
  expect(views.at(-1)).toEqual([{ startMs: 250, endMs: 750 }, true]);
  const told = views.length;
  gestures.onPointerMove(touch(1, 10));
  gestures.onPointerUp(touch(1, 10));
  expect(views.slice(told)).toEqual([]);
});
