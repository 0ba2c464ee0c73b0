/**
 * How soon a page is of use: `node dev/measure-paint.mjs <link of the demo>` prints JSON.
 *
 * Of each page, with nothing in the cache, in milliseconds: `first` and `largest` contentful paint, and `live`, the
 * first value of the plant on the screen (of a trend: the curve). `bytes` came over the network until then.
 */
import { launch } from "./measuring.mjs";

const RUNS = 5;
const PATIENCE_MS = 20_000;
const link = new URL(process.argv[2]);

/** In the page, before its own program: note when `live` is there. */
function watch(live) {
  const seen = { largest: 0, live: 0 };
  window.seen = seen;
  new PerformanceObserver((list) => {
    if (!seen.live) for (const { startTime } of list.getEntries()) seen.largest = startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  const look = () => {
    if (document.querySelector(live)) seen.live = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function opened(browser, path, live) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
  await context.request.post(`${link.origin}/api/auth/link`, { data: { secret: link.hash.slice(1) } });
  const page = await context.newPage();
  await page.addInitScript(watch, live);
  await page.goto(link.origin + path);
  await page.waitForFunction(() => window.seen.live > 0, null, { timeout: PATIENCE_MS });
  const found = await page.evaluate(() => ({
    first: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
    ...window.seen,
    bytes: performance
      .getEntriesByType("resource")
      .reduce(
        (sum, { transferSize }) => sum + transferSize,
        performance.getEntriesByType("navigation")[0].transferSize,
      ),
  }));
  await context.close();
  return found;
}

function middle(numbers) {
  return numbers.toSorted((one, other) => one - other)[numbers.length >> 1];
}

const browser = await launch();
const PAGES = [
  ["overview", "/", "article dd [class*=number]"],
  ["device", "/devices/2", "main [class*=number]"],
  ["trends", "/trends?point=2.power_total&range=15m", "main .u-wrap canvas"],
];
const found = {};
for (const [name, path, live] of PAGES) {
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) runs.push(await opened(browser, path, live));
  const columns = Object.keys(runs[0]).map((key) => [key, middle(runs.map((one) => one[key]))]);
  found[name] = Object.fromEntries(columns);
}
await browser.close();
console.log(JSON.stringify(found));
