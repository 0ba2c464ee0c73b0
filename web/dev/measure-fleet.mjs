/**
 * The overview of a large plant, and a screen on its wall: `node dev/measure-fleet.mjs <origin> <seconds>` prints JSON.
 *
 * The refresh token of who looks comes on standard input. `open`, `still`, `scrolled`: until the first value is there,
 * while values come in, and while the page is scrolled as well. Of each, `tasks` of the main thread in milliseconds of
 * a processor: how many took over 50, the longest, and all. `wall`: memory, elements and listeners, five times over so
 * many seconds.
 */
import { readFileSync } from "node:fs";
import { framesOf, launch, sleep, tasksDuring } from "./measuring.mjs";

const FRAMES_MS = 8000;
const SETTLED_MS = 15_000;
const SCROLL_PX = 40;
const LOOKS = 4;
const LONG_MS = 50;
const PATIENCE_MS = 60_000;
const [origin, seconds] = [process.argv[2], Number(process.argv[3])];
const value = readFileSync(0, "utf8").trim();

/** What is held once garbage is gone. */
async function held(session) {
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const { JSHeapUsedSize, Nodes, JSEventListeners } = Object.fromEntries(
    metrics.map(({ name, value }) => [name, value]),
  );
  return { heap_mb: JSHeapUsedSize / 1e6, nodes: Nodes, listeners: JSEventListeners };
}

async function traced(page, run) {
  const { result, each_ms } = await tasksDuring(browser, page, run);
  const all_ms = each_ms.reduce((sum, one) => sum + one, 0);
  return {
    ...result,
    tasks: { over: each_ms.filter((one) => one > LONG_MS).length, longest_ms: each_ms[0], all_ms },
  };
}

async function opened(page, path) {
  await page.goto(origin + path);
  const isThere = () => document.querySelector("article dd [class*=number]") && performance.now();
  const shown = await page.waitForFunction(isThere, null, { timeout: PATIENCE_MS });
  return { open_ms: await shown.jsonValue() };
}

const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
await context.addCookies([{ name: "refresh_token", value, domain: new URL(origin).hostname, path: "/api/auth" }]);

const overview = await context.newPage();
const open = await traced(overview, () => opened(overview, "/"));
await sleep(SETTLED_MS);
const tiles = await overview.locator("article").count();
const still = await traced(overview, () => overview.evaluate(framesOf, { forMs: FRAMES_MS }));
const scrolled = await traced(overview, () => overview.evaluate(framesOf, { forMs: FRAMES_MS, scrollPx: SCROLL_PX }));
await overview.close();

const wall = await context.newPage();
const session = await context.newCDPSession(wall);
await session.send("Performance.enable");
await opened(wall, "/wall");
await sleep(SETTLED_MS);
const kept = [await held(session)];
for (let look = 0; look < LOOKS; look += 1) {
  await sleep((1000 * seconds) / LOOKS);
  kept.push(await held(session));
}
await browser.close();
console.log(JSON.stringify({ open, tiles, still, scrolled, wall: kept }));
