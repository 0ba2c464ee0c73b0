// The REST contract over the made-up plant, for work on the page without the real server: node dev/fake-server.mjs 8080
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { DEVICES, GROUPS, PROFILES, SITES } from "./fake-plant.mjs";

const port = Number(process.argv[2] ?? 8080);
const page = fileURLToPath(new URL("../../src/stripchart/web_dist", import.meta.url));
const startedAt = new Date(Date.now() - 42 * 60_000);
const ERRORS = { offline: "no answer within 2 s", error: "exception 2: illegal data address at holding 55" };

function pointsOf(device) {
  return PROFILES[device.profile].points.map((point, index) => ({
    id: device.id * 1000 + index,
    key: point.key,
    name: point.name,
    group: point.group ?? "electrical",
    table: "holding",
    address: 120 + 2 * index,
    reference: String(40_121 + 2 * index),
    type: point.type,
    unit: point.unit ?? "",
    decimals: point.decimals ?? null,
    labels: point.labels ?? {},
    bits: point.bits ?? {},
    valid_low: null,
    valid_high: null,
    writable: false,
    recorded_every_s: 1,
    overview: point.overview ?? false,
  }));
}

function rounded(point, value) {
  const step = 10 ** (point.decimals ?? 0);
  return Math.round(value * step) / step;
}

function deviceOut(device) {
  const online = device.status === "online";
  return {
    id: device.id,
    name: device.name,
    site_id: device.site_id,
    link: `rtu_over_tcp://127.0.0.1:${15_020 + device.id}`,
    framing: "rtu_over_tcp",
    unit_id: device.unit_id,
    profile: device.profile,
    kind: PROFILES[device.profile].kind,
    interval_s: 1,
    enabled: true,
    description: "",
    status: device.status,
    status_since: startedAt.toISOString(),
    last_reading_at: new Date(online ? Date.now() : startedAt).toISOString(),
    error: ERRORS[device.status] ?? null,
  };
}

function deviceDetail(device) {
  const points = pointsOf(device);
  const groups = Object.entries(GROUPS).filter(([key]) => points.some((point) => point.group === key));
  return {
    ...deviceOut(device),
    profile_name: PROFILES[device.profile].name,
    groups: groups.map(([key, name]) => ({ key, name })),
    points,
  };
}

function stateOf(device, point, index, now) {
  if (device.status !== "online") return { quality: "bad", reason: "comm", ageS: (now - startedAt) / 1000 };
  if (point.bad && device.id === 1) return { quality: "bad", reason: point.bad, ageS: 0.4 };
  if (device.id === 8 && index === 1) return { quality: "uncertain", reason: "stale", ageS: 47 };
  return { quality: "good", reason: null, ageS: 0.4 };
}

function valueOut(device, point, index, now) {
  const { quality, reason, ageS } = stateOf(device, point, index, now);
  const at = new Date(now - ageS * 1000);
  const value = rounded(point, point.of(device.id, Math.floor(at / 1000)));
  const text = point.words ? point.words(device.id) : null;
  const lost = reason === "comm";
  return {
    point_id: device.id * 1000 + index,
    key: point.key,
    at: at.toISOString(),
    age_s: ageS,
    value: quality === "bad" ? null : value,
    text: quality === "bad" ? null : text,
    quality,
    reason,
    last_good_value: lost ? value : null,
    last_good_age_s: lost ? ageS : null,
  };
}

function latestOut(device, only) {
  const now = Date.now();
  const { status, status_since, error, last_reading_at } = deviceOut(device);
  const values = PROFILES[device.profile].points
    .map((point, index) => (only === "overview" && !point.overview ? null : valueOut(device, point, index, now)))
    .filter((value) => value !== null);
  const { id: device_id, name: device_name, site_id } = device;
  return { device_id, device_name, site_id, status, status_since, error, timestamp: last_reading_at, values };
}

function bucket(point, device, at, length) {
  const samples = Array.from({ length: 8 }, (_, k) =>
    rounded(point, point.of(device.id, (at + (k / 8) * length) / 1000)),
  );
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  return { min: Math.min(...samples), max: Math.max(...samples), mean, last: samples.at(-1) };
}

function seriesOut(pointId, start, end, length) {
  const device = DEVICES.find((one) => one.id === Math.floor(pointId / 1000));
  const point = PROFILES[device.profile].points[pointId % 1000];
  const series = { point_id: pointId, at_ms: [], min: [], max: [], mean: [], last: [], good_percent: [] };
  const step = length || 1000;
  for (let at = Math.ceil(start / step) * step; at < Math.min(end, Date.now()); at += step) {
    const minute = Math.floor(at / 60_000) % 60;
    if (minute === 17 || minute === 18) continue;
    const column =
      minute === 40 ? { min: null, max: null, mean: null, last: null } : bucket(point, device, at, length);
    series.at_ms.push(at);
    for (const name of ["min", "max", "mean", "last"]) series[name].push(column[name]);
    series.good_percent.push(column.mean === null ? 0 : 100);
  }
  return series;
}

/** Points by id, or as the address of the page has them. */
function pointIds(query) {
  const named = query.getAll("point").map((name) => {
    const [id, key] = name.split(".");
    const device = DEVICES.find((one) => one.id === Number(id));
    return device.id * 1000 + PROFILES[device.profile].points.findIndex((point) => point.key === key);
  });
  return [...query.getAll("point_id").map(Number), ...named];
}

function trendOut(query) {
  const start = Date.parse(query.get("start_time"));
  const end = Date.parse(query.get("end_time"));
  const wanted = (end - start) / Number(query.get("buckets") ?? 800);
  const length = wanted <= 1000 ? 0 : Math.ceil(wanted / 1000) * 1000;
  const series = pointIds(query).map((id) => seriesOut(id, start, end, length));
  return { start_ms: start, end_ms: end, bucket_ms: length, series };
}

function json(response, body, status = 200) {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

function missing(response, message) {
  json(response, { error: { code: "not_found", message, fields: [] } }, 404);
}

function stream(request, response, query) {
  const asked = query.getAll("device_id").map(Number);
  const devices = DEVICES.filter((device) => asked.length === 0 || asked.includes(device.id));
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  const send = () =>
    response.write(`data: ${JSON.stringify(devices.map((one) => latestOut(one, query.get("values"))))}\n\n`);
  send();
  const timer = setInterval(send, Number(query.get("interval_s") ?? 5) * 1000);
  request.on("close", () => clearInterval(timer));
}

function answerDevice(response, id, latest) {
  const device = DEVICES.find((one) => one.id === id);
  if (!device) missing(response, `there is no device ${id}`);
  else json(response, latest ? latestOut(device, "all") : deviceDetail(device));
}

function answerApi(request, response, url) {
  const device = /^\/api\/devices\/(\d+)(\/latest)?$/.exec(url.pathname);
  if (url.pathname === "/api/devices/stream") stream(request, response, url.searchParams);
  else if (device) answerDevice(response, Number(device[1]), Boolean(device[2]));
  else if (url.pathname === "/api/devices") json(response, DEVICES.map(deviceOut));
  else if (url.pathname === "/api/trend") json(response, trendOut(url.searchParams));
  else if (url.pathname === "/api/sites")
    json(
      response,
      SITES.map((site) => ({ ...site, device_count: DEVICES.filter((one) => one.site_id === site.id).length })),
    );
  else missing(response, `there is no ${url.pathname}`);
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };

function answerPage(response, path) {
  const wanted = join(page, normalize(path));
  const file = extname(path) && existsSync(wanted) ? wanted : join(page, "index.html");
  response.writeHead(200, {
    "Content-Type": TYPES[extname(file)] ?? "application/octet-stream",
    "Content-Security-Policy": "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
  });
  createReadStream(file).pipe(response);
}

createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  if (url.pathname.startsWith("/api/")) answerApi(request, response, url);
  else answerPage(response, url.pathname);
}).listen(port, "127.0.0.1", () => console.log(`made-up plant on http://127.0.0.1:${port}`));
