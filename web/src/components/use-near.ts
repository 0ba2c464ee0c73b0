import { type RefObject, useCallback, useSyncExternalStore } from "react";

type Listener = () => void;

const near = new WeakSet<Element>();
const listeners = new WeakMap<Element, Listener>();
let observer: IntersectionObserver | null = null;

/** One observer for all: it is told of an element a screen before that comes into view, and after it has left. */
function observing(): IntersectionObserver {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) near.add(target);
        else near.delete(target);
        listeners.get(target)?.();
      }
    },
    { rootMargin: "100% 0%" },
  );
  return observer;
}

/** Whether an element is in view or nearly so: what is far away need not be drawn. */
export function useNear(ref: RefObject<Element | null>): boolean {
  const subscribe = useCallback(
    (listener: Listener) => {
      const element = ref.current;
      if (!element || typeof IntersectionObserver === "undefined") return () => {};
      listeners.set(element, listener);
      observing().observe(element);
      return () => {
        observing().unobserve(element);
        listeners.delete(element);
      };
    },
    [ref],
  );
  const isNear = () => typeof IntersectionObserver === "undefined" || (ref.current !== null && near.has(ref.current));
  return useSyncExternalStore(subscribe, isNear);
}
