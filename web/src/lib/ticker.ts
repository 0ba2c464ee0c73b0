type Listener = () => void;

/** One timer for every age on the page: it ticks each second while someone listens. */
export function createTicker(now: () => number = () => Date.now(), periodMs = 1000) {
  const listeners = new Set<Listener>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let current = now();

  const tick = () => {
    current = now();
    for (const listener of [...listeners]) listener();
  };

  return {
    get: () => current,
    subscribe(listener: Listener) {
      listeners.add(listener);
      if (timer === undefined) {
        current = now();
        timer = setInterval(tick, periodMs);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || timer === undefined) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}

export const seconds = createTicker();
