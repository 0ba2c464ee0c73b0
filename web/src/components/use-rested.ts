import { startTransition, useEffect, useState } from "react";

const REST_MS = 200;

const waiting = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let movedAtMs = 0;
let isWatching = false;

function rest() {
  const leftMs = movedAtMs + REST_MS - performance.now();
  timer = leftMs > 0 ? setTimeout(rest, leftMs) : undefined;
  if (timer !== undefined) return;
  const all = [...waiting];
  waiting.clear();
  for (const each of all) each();
}

/** One listener for all, and for every part of the page that scrolls. */
function watch() {
  if (isWatching) return;
  isWatching = true;
  const moved = () => {
    movedAtMs = performance.now();
    timer ??= setTimeout(rest, REST_MS);
  };
  document.addEventListener("scroll", moved, { capture: true, passive: true });
}

/** True from the first moment on in which the page is not being scrolled: what only passes by is not worth much work. */
export function useRested(): boolean {
  const [isRested, setRested] = useState(() => timer === undefined);
  useEffect(() => {
    watch();
    if (isRested) return;
    const done = () => startTransition(() => setRested(true));
    if (timer === undefined) {
      done();
      return;
    }
    waiting.add(done);
    return () => {
      waiting.delete(done);
    };
  }, [isRested]);
  return isRested;
}
