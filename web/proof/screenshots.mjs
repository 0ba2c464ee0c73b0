// make screenshots: every page at three sizes, for the documentation.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { ARGUMENTS, CHROMIUM, signIn, withDemo } from "./demo.mjs";

const FOLDER = fileURLToPath(new URL("../../docs/images/pages/", import.meta.url));
const SIZES = { phone: [390, 844], desk: [1280, 800], wall: [1920, 1080] };
const GENSET = "/devices/2";
const TREND = "/trends?point=2.power_total&point=2.coolant_temp&range=15m";

/** Name of the picture, address, and how it looks. */
const PAGES = [
  ["overview", "/", {}],
  ["overview-dark", "/", { colorScheme: "dark" }],
  ["overview-chinese", "/", { locale: "zh-CN" }],
  ["overview-russian", "/?by=group", { locale: "ru-RU" }],
  ["device", GENSET, {}],
  ["trends", TREND, {}],
  ["wall", "/wall", { colorScheme: "dark" }],
  ["notifications", "/notifications", {}],
  ["wizard", "/devices/new?profile=smartgen-hgm9520n", {}],
  ["sites", "/sites", {}],
  ["groups", "/groups", {}],
  ["trend-logs", "/trend-logs", {}],
  ["profiles", "/profiles", {}],
  ["profile", "/profiles/eastron-sdm630", {}],
  ["account", "/account", {}],
  ["users", "/users", {}],
  ["audit", "/audit", {}],
  ["configuration", "/configuration", {}],
  ["backups", "/backups", {}],
  ["health", "/health", {}],
];

const LIVELY_S = Number(process.env.LIVELY_S ?? 45);
const SETTLED_MS = 1500;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Something to see: a group, a trend log, a value beyond its threshold, and a device that does not answer. */
async function stage(context, origin) {
  const { access_token } = await (await context.request.post(`${origin}/api/auth/refresh`)).json();
  const headers = { Authorization: `Bearer ${access_token}` };
  const devices = await (await context.request.get(`${origin}/api/devices`, { headers })).json();
  const device_ids = devices.filter(({ kind }) => kind === "genset").map(({ id }) => id);
  const idOf = (name) => devices.find((device) => device.name === name).id;
  const send = async (method, path, data) => {
    const answer = await context.request[method](origin + path, { data, headers });
    if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`);
  };
  const log = { device_id: device_ids[0], name: "Energy, by quarter hours", points: ["energy_kwh"] };
  await send("post", "/api/groups", { name: "Generator sets", device_ids });
  await send("post", "/api/history/trend-logs", log);
  await send("put", `/api/devices/${idOf("G1")}`, { thresholds: { coolant_temp: { warning_upper: 40 } } });
  await send("put", `/api/devices/${idOf("Main meter")}`, { link: "tcp://127.0.0.1:9" });
  await sleep(1000 * LIVELY_S);
}

async function take(browser, link, size, [name, path, look]) {
  const [width, height] = SIZES[size];
  const context = await browser.newContext({
    viewport: { width, height },
    locale: "en-GB",
    reducedMotion: "reduce",
    ...look,
  });
  await signIn(context, link);
  const page = await context.newPage();
  await page.goto(link.origin + path);
  await page.locator("main").first().waitFor();
  await page.waitForTimeout(SETTLED_MS);
  await page.screenshot({ path: `${FOLDER}${name}-${size}.jpg`, type: "jpeg", quality: 70 });
  await context.close();
}

await mkdir(FOLDER, { recursive: true });
await withDemo(async (link) => {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
  const context = await browser.newContext();
  await signIn(context, link);
  await stage(context, link.origin);
  for (const size of Object.keys(SIZES)) for (const page of PAGES) await take(browser, link, size, page);
  await browser.close();
});
