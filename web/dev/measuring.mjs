// What the measurements of the page share: a browser, and what it says of its frames.
import { chromium } from "@playwright/test";

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function launch() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}

/**
 * In the page: what `forMs` of frames are like. `scrollPx`: so far the page is moved with each frame, and back at its end.
 *
 * `fps`; `p95_ms` and `longest_ms` from one frame to the next; `long_tasks_ms`: tasks of more than 50 ms.
 */
export function framesOf({ forMs, scrollPx = 0 }) {
  return new Promise((done) => {
    const times = [];
    const long = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) long.push(Math.round(duration));
    });
    observer.observe({ type: "longtask" });
    const end = () => document.documentElement.scrollHeight - innerHeight;
    let byPx = scrollPx;
    const finish = () => {
      observer.disconnect();
      const each = times.slice(1).map((atMs, index) => atMs - times[index]);
      const sorted = each.toSorted((one, other) => one - other);
      done({
        fps: (each.length * 1000) / (times.at(-1) - times[0]),
        p95_ms: sorted[Math.floor(sorted.length * 0.95)],
        longest_ms: sorted.at(-1),
        long_tasks_ms: long,
        scrolled_px: scrollY,
      });
    };
    const step = (atMs) => {
      times.push(atMs);
      if (byPx !== 0) {
        if (scrollY + byPx > end() || scrollY + byPx < 0) byPx = -byPx;
        scrollBy({ top: byPx, behavior: "instant" });
      }
      if (atMs - times[0] < forMs) requestAnimationFrame(step);
      else finish();
    };
    requestAnimationFrame(step);
  });
}
