/**
 * How fast the trend is in Chromium: `node dev/measure-trend.mjs <link of the demo> <days>` prints JSON.
 *
 * `open_ms`: from leaving the overview to the curve on the screen, for so many days of five points of G1.
 * `live` and `pan`: the frames while it follows one minute, and while those days are moved.
 */
import { framesOf, launch } from "./measuring.mjs";

const OPENINGS = 7;
const FRAMES_MS = 5000;
/** By then the page has loaded ahead what is opened most. */
const SETTLED_MS = 3500;
const KEYS = ["power_total", "gen_freq", "coolant_temp", "gen_uab", "fuel_level"];
const [link, days] = [new URL(process.argv[2]), Number(process.argv[3])];

const basic = (atMs) => new Date(atMs).toISOString().replace(/[-:]|\.\d+/g, "");

function open(path) {
  return new Promise((done) => {
    const startMs = performance.now();
    history.pushState({ key: String(startMs) }, "", path);
    dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
    const look = () => {
      const isDrawn = document.querySelector("main .u-wrap canvas");
      if (isDrawn) requestAnimationFrame(() => done(performance.now() - startMs));
      else setTimeout(look, 2);
    };
    look();
  });
}

async function openings(context, path) {
  const found = [];
  for (let count = 0; count < OPENINGS; count += 1) {
    const page = await context.newPage();
    await page.goto(link.origin);
    await page.getByRole("link", { name: "G1", exact: true }).waitFor();
    await page.waitForLoadState("load");
    await page.waitForTimeout(SETTLED_MS);
    found.push(await page.evaluate(open, path));
    await page.close();
  }
  return found;
}

async function panning(page) {
  const frames = page.evaluate(framesOf, { forMs: FRAMES_MS });
  await page.keyboard.down("Shift");
  await page.mouse.move(400, 400);
  await page.mouse.down();
  for (let x = 400; x < 700; x += 2) await page.mouse.move(x, 400);
  const found = await frames;
  await page.mouse.up();
  await page.keyboard.up("Shift");
  return found;
}

const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
await context.request.post(`${link.origin}/api/auth/link`, { data: { secret: link.hash.slice(1) } });
const { id } = await (async () => {
  const page = await context.newPage();
  await page.goto(link.origin);
  const href = await page.getByRole("link", { name: "G1", exact: true }).getAttribute("href");
  await page.close();
  return { id: href.split("/").at(-1) };
})();
const points = KEYS.map((key) => `point=${id}.${key}`).join("&");
const all = `/trends?${points}&range=${basic(Date.now() - days * 86_400_000)}..${basic(Date.now())}`;
const opened = await openings(context, all);
const page = await context.newPage();
await page.goto(`${link.origin}/trends?${points}&range=1m`);
await page.locator(".u-wrap canvas").waitFor();
const live = await page.evaluate(framesOf, { forMs: FRAMES_MS });
await page.goto(link.origin + all);
await page.locator(".u-wrap canvas").waitFor();
const pan = await panning(page);
await browser.close();
console.log(JSON.stringify({ opened, live, pan }));
