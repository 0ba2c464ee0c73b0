import { type RefObject, startTransition, useEffect, useState } from "react";

type Listener = (isNear: boolean) => void;

const listeners = new WeakMap<Element, Listener>();
let observer: IntersectionObserver | null = null;

/** One observer for all: it is told of an element a screen before that comes into view, and after it has left. */
function observing(): IntersectionObserver {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) listeners.get(target)?.(isIntersecting);
    },
    { rootMargin: "100% 0%" },
  );
  return observer;
}

/**
 * Whether an element is in view or nearly so: what is far away need not be drawn.
 *
 * What comes near is drawn piece by piece between frames, so that a page that is scrolled fast does not halt for it.
 * `isPossible`: whether what it stands in is near; a browser looks at every element that is observed in every frame.
 */
export function useNear(ref: RefObject<Element | null>, isPossible = true): boolean {
  const [isNear, setNear] = useState(typeof IntersectionObserver === "undefined");
  useEffect(() => {
    const element = ref.current;
    if (!element || !isPossible || typeof IntersectionObserver === "undefined") return;
    listeners.set(element, (now) => startTransition(() => setNear(now)));
    observing().observe(element);
    return () => {
      observing().unobserve(element);
      listeners.delete(element);
      startTransition(() => setNear(false));
    };
  }, [ref, isPossible]);
  return isNear;
}
