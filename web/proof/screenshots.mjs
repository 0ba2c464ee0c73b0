// make screenshots: every page at three sizes, the main ones in three languages, for the documentation.
// `node proof/screenshots.mjs trends users` takes only the pictures whose names begin so.
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import { ARGUMENTS, CHROMIUM, signIn, withDemo } from "./demo.mjs";

const FOLDER = fileURLToPath(new URL("../../docs/images/pages/", import.meta.url));
const SIZES = { phone: [390, 844], desk: [1280, 800], wall: [1920, 1080] };
const ALL = Object.keys(SIZES);
const GENSET = "/devices/2";
/** A genset that has run today, beside the mains. */
const TREND = "/trends?point=1.power_total&point=1.coolant_temp&point=3.mains_freq";
/** What it did meanwhile, in words. */
const STATES = "/trends?point=1.power_total&point=3.mains_status&point=3.mains_switch&point=3.busbar_switch";
const HISTORY_DAYS = 8;
const HOUR_MS = 3_600_000;
/** Stands for the day on which a genset did not answer for an hour. */
const DAY_WITH_A_GAP = "/trends?day-with-a-gap";

/** The pages that are looked at every day. */
const MAIN = [
  ["overview", "/"],
  ["device", GENSET],
  ["trends", `${TREND}&range=24h`],
  ["wall", "/wall"],
  ["notifications", "/notifications"],
];
/** The others, each with what makes it worth a picture. */
const MORE = [
  ["trends-week", `${TREND}&range=7d`],
  ["trends-gap", DAY_WITH_A_GAP],
  ["trends-states", `${STATES}&range=24h`],
  ["device-health", `${GENSET}?tab=health`],
  ["device-controls", `${GENSET}?tab=controls`],
  ["wizard", "/devices/new?profile=smartgen-hgm9520n"],
  ["sites", "/sites"],
  ["groups", "/groups"],
  ["trend-logs", "/trend-logs"],
  ["profiles", "/profiles"],
  ["profile", "/profiles/eastron-sdm630"],
  ["profile-new", "/profiles/new"],
  ["account", "/account"],
  ["users", "/users"],
  ["audit", "/audit"],
  ["configuration", "/configuration"],
  ["backups", "/backups"],
  ["health", "/health"],
];

/** Name of the picture, address, sizes, and how it looks. */
const PICTURES = [
  ...[...MAIN, ...MORE].map(([name, path]) => [name, path, ALL, name === "wall" ? { colorScheme: "dark" } : {}]),
  ...MAIN.map(([name, path]) => [`${name}-chinese`, path, ["phone", "desk"], { locale: "zh-CN" }]),
  ...MAIN.map(([name, path]) => [`${name}-russian`, path, ["phone", "desk"], { locale: "ru-RU" }]),
  ...MAIN.filter(([name]) => name !== "wall").map(([name, path]) => [
    `${name}-dark`,
    path,
    ["phone", "desk"],
    { colorScheme: "dark" },
  ]),
  ["overview-contrast", "/", ["desk"], { contrast: "more" }],
  ["device-contrast", GENSET, ["desk"], { contrast: "more", colorScheme: "dark" }],
  ["sign-in", "/", ALL, { isStranger: true }],
];

const ASKED = process.argv.slice(2);
const TAKEN = PICTURES.filter(([name]) => ASKED.length === 0 || ASKED.some((asked) => name.startsWith(asked)));

const LIVELY_S = Number(process.env.LIVELY_S ?? 90);
const SETTLED_MS = 1500;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** What happens in the plant: a genset whose engine stops with alarms, one that is silent for good, one for a while. */
async function meddle(command) {
  command("fault G4 mute");
  command("fault G1 mute");
  await sleep(400 * LIVELY_S);
  command("clear G1");
  for (const [point, value] of [
    ["shutdown_alarms_1", 2],
    ["warning_alarms_1", 16],
    ["alarm_shutdown", 1],
    ["alarm_common", 1],
  ])
    command(`set G2 ${point} ${value}`);
  await sleep(600 * LIVELY_S);
}

/** Something to see: a group, a trend log, a value beyond its threshold, a second user, a screen on a wall. */
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
  await send("post", "/api/users", { username: "rita", password: "Turbine-hall-7", role: "read_only" });
  await send("post", "/api/tokens", { name: "Control room", kind: "display" });
  const coolant = { warning_upper: 60, critical_upper: 95 };
  await send("put", `/api/devices/${idOf("G2")}`, { thresholds: { coolant_temp: coolant } });
}

const basic = (atMs) => new Date(atMs).toISOString().replace(/[-:]|\.\d+/g, "");

/** The address of the trend of a genset that did not answer for a while, twelve hours to each side of it. */
async function dayWithAGap(context, origin) {
  const { access_token } = await (await context.request.post(`${origin}/api/auth/refresh`)).json();
  const headers = { Authorization: `Bearer ${access_token}` };
  const [startMs, endMs] = [Date.now() - (HISTORY_DAYS - 1) * 24 * HOUR_MS, Date.now() - HOUR_MS];
  for (const id of [1, 2, 4, 5]) {
    const span = `start_time=${new Date(startMs).toISOString()}&end_time=${new Date(endMs).toISOString()}`;
    const asked = `${origin}/api/trend?point=${id}.power_total&${span}&buckets=1000`;
    const [series] = (await (await context.request.get(asked, { headers })).json()).series;
    const place = series.mean.indexOf(null);
    if (place < 0) continue;
    const gapMs = series.at_ms[place];
    const range = `${basic(gapMs - 12 * HOUR_MS)}..${basic(Math.min(gapMs + 12 * HOUR_MS, endMs))}`;
    return `/trends?point=${id}.power_total&point=${id}.coolant_temp&point=${id}.fuel_level&range=${range}`;
  }
  throw new Error("no genset was ever silent");
}

async function take(browser, link, size, [name, path, , { isStranger = false, ...look }]) {
  const [width, height] = SIZES[size];
  const options = { viewport: { width, height }, locale: "en-GB", reducedMotion: "reduce", ...look };
  const context = await browser.newContext(options);
  if (!isStranger) await signIn(context, link);
  const page = await context.newPage();
  await page.goto(link.origin + path);
  await page.locator("main").first().waitFor();
  await page.waitForTimeout(SETTLED_MS);
  await page.screenshot({ path: `${FOLDER}${name}-${size}.jpg`, type: "jpeg", quality: 70 });
  await context.close();
}

/** The page of the documentation that shows them all. */
function index() {
  const widths = { phone: 130, desk: 330, wall: 330 };
  const image = (name, size) =>
    `<img alt="${name}, ${size}" src="images/pages/${name}-${size}.jpg" width="${widths[size]}">`;
  const rows = PICTURES.map(([name, path, sizes]) => {
    const cells = ALL.map((size) => (sizes.includes(size) ? image(name, size) : ""));
    return `| ${name}<br>\`${path.split("?")[0]}\` | ${cells.join(" | ")} |`;
  });
  return `# Pictures of every page

Made by \`make screenshots\` from the demo plant, on a phone (390 x 844), a desk (1280 x 800) and a wall screen (1920 x 1080).

| page | phone | desk | wall |
| --- | --- | --- | --- |
${rows.join("\n")}
`;
}

await mkdir(FOLDER, { recursive: true });
await writeFile(fileURLToPath(new URL("../../docs/pictures.md", import.meta.url)), index());
await withDemo(
  async (link, command) => {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    const context = await browser.newContext();
    await signIn(context, link);
    await stage(context, link.origin);
    await meddle(command);
    const gap = PICTURES.find(([, path]) => path === DAY_WITH_A_GAP);
    gap[1] = await dayWithAGap(context, link.origin);
    for (const picture of TAKEN) for (const size of picture[2]) await take(browser, link, size, picture);
    await browser.close();
  },
  { historyDays: HISTORY_DAYS },
);
