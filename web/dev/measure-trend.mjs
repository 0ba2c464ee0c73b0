/**
 * How fast the trend is in Chromium: `node dev/measure-trend.mjs <link of the demo> <days>` prints JSON.
 *
 * `open_ms`: from leaving the overview to the curve on the screen, for so many days of five points of G1.
 * `live_fps`, `pan_fps`: frames in a second while it follows one minute, and while those days are moved.
 */
import { chromium } from "@playwright/test";

const OPENINGS = 7;
const FRAMES_MS = 5000;
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

function framesPerSecond(forMs) {
  return new Promise((done) => {
    const times = [];
    const step = (atMs) => {
      times.push(atMs);
      if (atMs - times[0] < forMs) requestAnimationFrame(step);
      else done(((times.length - 1) * 1000) / (times.at(-1) - times[0]));
    };
    requestAnimationFrame(step);
  });
}

async function openings(context, path) {
  const found = [];
  for (let count = 0; count < OPENINGS; count += 1) {
    const page = await context.newPage();
    await page.goto(link.origin);
    await page.getByRole("link", { name: "G1", exact: true }).waitFor();
    await page.waitForLoadState("load");
    await page.waitForTimeout(1500);
    found.push(await page.evaluate(open, path));
    await page.close();
  }
  return found.sort((one, other) => one - other);
}

async function panning(page) {
  const frames = page.evaluate(framesPerSecond, FRAMES_MS);
  await page.keyboard.down("Shift");
  await page.mouse.move(400, 400);
  await page.mouse.down();
  for (let x = 400; x < 700; x += 2) await page.mouse.move(x, 400);
  const fps = await frames;
  await page.mouse.up();
  await page.keyboard.up("Shift");
  return fps;
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
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
const open_ms = await openings(context, all);
const page = await context.newPage();
await page.goto(`${link.origin}/trends?${points}&range=1m`);
await page.locator(".u-wrap canvas").waitFor();
const live_fps = await page.evaluate(framesPerSecond, FRAMES_MS);
await page.goto(link.origin + all);
await page.locator(".u-wrap canvas").waitFor();
const pan_fps = await panning(page);
await browser.close();
console.log(JSON.stringify({ open_ms, live_fps, pan_fps }));
