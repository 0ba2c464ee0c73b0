import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useRef } from "react";
import type { Insets } from "./chart-frame.ts";
import { type Bounds, panned, pinched, zoomed } from "./time-range.ts";

interface GestureParts {
  current: () => Bounds;
  insets: Insets;
  onView: (view: Bounds, done: boolean) => void;
  /** The cursor goes to the sample before or after. */
  onStep: (direction: -1 | 1) => void;
}

interface Drag {
  readonly startX: number;
  readonly view: Bounds;
  /** A finger or Shift moves the view; a mouse marks a part of it. */
  readonly moves: boolean;
}

interface Pinch {
  readonly view: Bounds;
  readonly from: readonly [number, number];
}

const SMALLEST_DRAG_PX = 6;
const KEY_ZOOM = 0.5;
const KEY_STEP = 0.25;

const CURSOR_KEYS: Record<string, -1 | 1> = { ArrowLeft: -1, ArrowRight: 1 };

const KEYS: Record<string, (view: Bounds) => Bounds> = {
  "+": (view) => zoomed(view, KEY_ZOOM, 0.5),
  "=": (view) => zoomed(view, KEY_ZOOM, 0.5),
  "-": (view) => zoomed(view, 1 / KEY_ZOOM, 0.5),
  ArrowLeft: (view) => panned(view, -KEY_STEP),
  ArrowRight: (view) => panned(view, KEY_STEP),
};

/** Where in the plot a pixel is, 0 at its left end and 1 at its right end. */
function fractionAt(clientX: number, element: HTMLElement, insets: Insets): number {
  const rect = element.getBoundingClientRect();
  const width = Math.max(1, rect.width - insets.left - insets.right);
  return Math.min(1, Math.max(0, (clientX - rect.left - insets.left) / width));
}

function showBox(box: HTMLElement, element: HTMLElement, insets: Insets, from: number, to: number) {
  const width = element.clientWidth - insets.left - insets.right;
  box.hidden = false;
  box.style.left = `${insets.left + Math.min(from, to) * width}px`;
  box.style.width = `${Math.abs(to - from) * width}px`;
  box.style.top = `${insets.top}px`;
  box.style.bottom = `${insets.bottom}px`;
}

/** Two fingers hold what is under them; the one that is left when the other goes does nothing more. */
function usePinch(frame: RefObject<HTMLDivElement | null>, latest: RefObject<GestureParts>) {
  const fingers = useRef(new Map<number, number>());
  const pinch = useRef<Pinch | null>(null);

  const places = (): readonly [number, number] | null => {
    const [one, other] = [...fingers.current.values()];
    const element = frame.current;
    if (one === undefined || other === undefined || !element) return null;
    return [fractionAt(one, element, latest.current.insets), fractionAt(other, element, latest.current.insets)];
  };

  const turn = (done: boolean) => {
    const to = places();
    if (pinch.current && to) latest.current.onView(pinched(pinch.current.view, pinch.current.from, to), done);
  };

  return {
    down: (event: PointerEvent) => {
      if (event.pointerType !== "touch" || fingers.current.size > 1) return;
      fingers.current.set(event.pointerId, event.clientX);
      const from = places();
      if (from) pinch.current = { view: latest.current.current(), from };
    },
    move: (event: PointerEvent) => {
      if (!fingers.current.has(event.pointerId)) return;
      fingers.current.set(event.pointerId, event.clientX);
      turn(false);
    },
    up: (event: PointerEvent) => {
      if (fingers.current.has(event.pointerId)) turn(true);
      fingers.current.delete(event.pointerId);
      if (fingers.current.size === 0) pinch.current = null;
    },
    isOn: () => pinch.current !== null,
  };
}

/** Drag marks a part to zoom into, Shift-drag and a finger move, two fingers and the wheel zoom, keys do the same. Shift with an arrow moves the cursor. */
export function useGestures(
  frame: RefObject<HTMLDivElement | null>,
  box: RefObject<HTMLDivElement | null>,
  parts: GestureParts,
) {
  const drag = useRef<Drag | null>(null);
  const latest = useRef(parts);
  useEffect(() => {
    latest.current = parts;
  });

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    // React listens to the wheel passively, and a passive listener cannot keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { current, insets, onView } = latest.current;
      const factor = Math.exp(Math.max(-1, Math.min(1, event.deltaY / 400)));
      onView(zoomed(current(), factor, fractionAt(event.clientX, element, insets)), false);
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [frame]);

  const move = (event: PointerEvent, done: boolean) => {
    const element = frame.current;
    const started = drag.current;
    if (!element || !started) return;
    const { insets, onView } = latest.current;
    const from = fractionAt(started.startX, element, insets);
    const to = fractionAt(event.clientX, element, insets);
    const isClick = Math.abs(event.clientX - started.startX) < SMALLEST_DRAG_PX;
    if (started.moves) {
      if (!isClick) onView(panned(started.view, from - to), done);
      return;
    }
    if (!done) {
      if (box.current) showBox(box.current, element, insets, from, to);
      return;
    }
    if (isClick) return;
    const spanMs = started.view.endMs - started.view.startMs;
    const edge = (fraction: number) => started.view.startMs + spanMs * fraction;
    onView({ startMs: edge(Math.min(from, to)), endMs: edge(Math.max(from, to)) }, true);
  };

  const pinch = usePinch(frame, latest);
  const end = () => {
    drag.current = null;
    if (box.current) box.current.hidden = true;
  };

  return {
    onPointerDown: (event: PointerEvent<HTMLDivElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      pinch.down(event);
      if (pinch.isOn()) return end();
      const moves = event.shiftKey || event.pointerType === "touch";
      drag.current = { startX: event.clientX, view: latest.current.current(), moves };
    },
    onPointerMove: (event: PointerEvent<HTMLDivElement>) => {
      pinch.move(event);
      move(event, false);
    },
    onPointerUp: (event: PointerEvent<HTMLDivElement>) => {
      pinch.up(event);
      move(event, true);
      end();
    },
    onPointerCancel: (event: PointerEvent<HTMLDivElement>) => {
      pinch.up(event);
      end();
    },
    onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { current, onView, onStep } = latest.current;
      const direction = event.shiftKey ? CURSOR_KEYS[event.key] : undefined;
      const change = KEYS[event.key];
      if (!direction && !change) return;
      event.preventDefault();
      if (direction) onStep(direction);
      else if (change) onView(change(current()), true);
    },
  };
}
