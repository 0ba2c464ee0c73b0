/**
 * The overview of a large plant, and a screen on its wall: `node dev/measure-fleet.mjs <origin> <seconds>` prints JSON.
 *
 * The refresh token of who looks comes on standard input. `open_ms`: until the first value is there; `still`, `scrolled`:
 * the frames while values come in, and while the page is scrolled as well. `busy_ms`: what a second of updates takes of
 * the main thread. `wall`: memory, elements and listeners, five times over so many seconds.
 */
import { readFileSync } from "node:fs";
import { framesOf, launch, sleep } from "./measuring.mjs";

const FRAMES_MS = 8000;
const SETTLED_MS = 15_000;
const SCROLL_PX = 40;
const LOOKS = 4;
const PATIENCE_MS = 60_000;
const [origin, seconds] = [process.argv[2], Number(process.argv[3])];
const value = readFileSync(0, "utf8").trim();

async function metrics(session) {
  const { metrics: all } = await session.send("Performance.getMetrics");
  return Object.fromEntries(all.map((one) => [one.name, one.value]));
}

async function busyMs(session, forMs) {
  const before = await metrics(session);
  await sleep(forMs);
  const after = await metrics(session);
  return (1000 * (after.TaskDuration - before.TaskDuration)) / (after.Timestamp - before.Timestamp);
}

/** What is held once garbage is gone. */
async function held(session) {
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.collectGarbage");
  const { JSHeapUsedSize, Nodes, JSEventListeners } = await metrics(session);
  return { heap_mb: JSHeapUsedSize / 1e6, nodes: Nodes, listeners: JSEventListeners };
}

async function opened(context, path, first) {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  const startMs = performance.now();
  await page.goto(origin + path);
  await page.locator(first).first().waitFor({ timeout: PATIENCE_MS });
  return { page, session, open_ms: performance.now() - startMs };
}

const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en-GB" });
await context.addCookies([{ name: "refresh_token", value, domain: new URL(origin).hostname, path: "/api/auth" }]);

const overview = await opened(context, "/", "article dd [class*=number]");
await sleep(SETTLED_MS);
const busy_ms = await busyMs(overview.session, FRAMES_MS);
const still = await overview.page.evaluate(framesOf, { forMs: FRAMES_MS });
const scrolled = await overview.page.evaluate(framesOf, { forMs: FRAMES_MS, scrollPx: SCROLL_PX });
const tiles = await overview.page.locator("article").count();
await overview.page.close();

const wall = await opened(context, "/wall", "article dd [class*=number]");
await sleep(SETTLED_MS);
const kept = [await held(wall.session)];
for (let look = 0; look < LOOKS; look += 1) {
  await sleep((1000 * seconds) / LOOKS);
  kept.push(await held(wall.session));
}
await browser.close();
console.log(JSON.stringify({ open_ms: overview.open_ms, tiles, busy_ms, still, scrolled, wall: kept }));
