// What the measurements of the page share: a browser, and what it says of its frames.
import { chromium } from "@playwright/test";

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function launch() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}

/**
 * In the page: what `forMs` of frames are like. `scrollPx`: so far the page is moved with each frame.
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
      if (scrollPx !== 0) scrollBy({ top: scrollPx, behavior: "instant" });
      if (atMs - times[0] < forMs) requestAnimationFrame(step);
      else finish();
    };
    requestAnimationFrame(step);
  });
}

/**
 * What the main thread of a page does meanwhile, in milliseconds of a processor: what else the machine does is left out.
 *
 * `each_ms`: every task, the longest first.
 */
export async function tasksDuring(browser, page, run) {
  await browser.startTracing(page, { categories: ["toplevel", "disabled-by-default-devtools.timeline"] });
  const result = await run();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const main = traceEvents.find(({ name, args }) => name === "TracingStartedInBrowser" && args)?.args.data.frames[0];
  const names = traceEvents.filter(({ name }) => name === "thread_name");
  const threads = new Set(
    names
      .filter(({ pid, args }) => args.name === "CrRendererMain" && (!main || pid === main.processId))
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(({ name, pid, tid }) => name === "RunTask" && threads.has(`${pid} ${tid}`));
  const each_ms = tasks.map(({ tdur = 0 }) => tdur / 1000).sort((one, other) => other - one);
  return { result, each_ms };
}
