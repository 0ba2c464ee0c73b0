import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, expect, test, vi } from "vitest";
import type { Controls, LinkReport, Plan } from "@/api/types.ts";
import { DETAIL, latest, POWER, STATE, value } from "@/testing/plant.ts";
import { type Answer, OLGA, renderPage } from "@/testing/render-page.tsx";

const LIMITS = { critical_lower: null, warning_lower: null, warning_upper: 450, critical_upper: 500, hysteresis: 0 };
const DEVICE = { ...DETAIL, thresholds: { power: LIMITS } };
const DAY = {
  start_ms: 0,
  end_ms: 1,
  series: [{ point_id: POWER.id, at_ms: [0], values: { min: [12.34], max: [430] } }],
};
const LINK: LinkReport = {
  link: DEVICE.link,
  state: "connected",
  since: "2026-11-21T02:00:00Z",
  trouble: null,
  cause: null,
  place: DEVICE.link,
  waiting: 0,
  options: {} as LinkReport["options"],
  counters: {
    requests: 4525,
    replies: 4522,
    refused: 0,
    timeouts: 3,
    bad_replies: 0,
    late: 0,
    foreign: 0,
    discarded_bytes: 0,
    connects: 1,
    backups: 0,
    overflows: 0,
    not_asked: 0,
  },
  round_trip: { p50_ms: 31, p95_ms: 32, p99_ms: 36 },
  units: [
    {
      unit_id: 1,
      state: "open",
      silent_for_s: 12,
      asked_again_in_s: 4,
      requests: 100,
      replies: 97,
      refused: 0,
      timeouts: 3,
      late: 0,
      average_ms: 31,
      slowest_ms: 92,
    },
  ],
  faults: [
    {
      number: 7,
      at: "2026-11-21T02:30:00Z",
      kind: "timeout",
      unit_id: 1,
      reason: "as the program says it",
      cause: { code: "no_reply", facts: { limit_s: 2 } },
      frames: 2,
    },
  ],
};
const PLAN: Plan = {
  requests: 1,
  wanted: 3,
  read: 6,
  wasted: 3,
  interval_s: 1,
  estimated_cycle_s: 0.1,
  measured_cycle_s: 0.05,
  max_registers: 40,
  max_bits: 2000,
  max_gap: 12,
  pause_between_s: 0,
  groups: [{ name: "fast", every: 1, requests: [{ table: "holding", first: 178, count: 6, wanted: 3 }] }],
  unreadable: [],
  holes: [],
  lessons: [],
  fragment: "",
};
const SPOKEN = { unit_id: 1, function: 3, first: 0, last: 5, exception: null, size: 4 };
const FRAME = {
  at: "2026-11-21T03:00:00.123456Z",
  at_ns: "1",
  sent: true,
  bytes: "01 03",
  meaning: "as the server says it",
  spoken: [SPOKEN],
};
const CONTROLS: Controls = {
  problem: null,
  problem_code: null,
  points: [{ key: "power", name: POWER.name, unit: "kW", low: 0, high: 500, labels: {}, needs: null }],
  commands: [
    {
      key: "start",
      name: { en: "Start" },
      confirm: { en: "Start the engine?" },
      needs: { point: "state", equals: 0 },
    },
  ],
};

const answers = () =>
  new Map<string, Answer>([
    ["/api/devices/1", { body: DEVICE }],
    ["/api/sites", { body: [] }],
    ["/api/history/buckets", { body: DAY }],
    ["/api/links", { body: [LINK] }],
    ["/api/devices/1/plan", { body: PLAN }],
    ["/api/links/trace", { body: [FRAME] }],
    ["/api/devices/1/controls", { body: CONTROLS }],
    ["/api/writes", { body: [] }],
  ]);

beforeAll(
  () => Promise.all([import("./health/device-health.tsx"), import("./controls/device-controls.tsx")]),
  30_000,
);

test("a value stands beside what it was at least and at most today, and its limits", async () => {
  const page = renderPage("/devices/1", answers());
  const row = await screen.findByRole("row", { name: /Active power/ });
  await vi.waitFor(() => expect(row).toHaveTextContent("12.3 – 430.0"));
  await page.send(latest([value(POWER, { value: 470, alert: "warning" })]));
  expect(row).toHaveTextContent("12.3 – 470.0");
  expect(row).toHaveTextContent("Warning > 450.0, Critical > 500.0");
  expect(within(row).getByTitle("Warning")).toBeInTheDocument();
});

test("the health of link and device has figures, faults, the plan and the last frames", async () => {
  renderPage("/devices/1?tab=health", answers());
  const link = await screen.findByRole("region", { name: "Link" });
  expect(link).toHaveTextContent("Connected");
  expect(link).toHaveTextContent("Round trip (median)31 ms");
  expect(link).toHaveTextContent("Timeouts▲ 3");
  expect(screen.getByRole("region", { name: "Polling statistics" })).toHaveTextContent("No response for 12s");
  const plan = await screen.findByRole("region", { name: "Read plan" });
  await vi.waitFor(() => expect(plan).toHaveTextContent("holding 178–183"));
  expect(plan).toHaveTextContent("3 of 6");
  expect(await screen.findByRole("row", { name: /unit 1: read holding registers 0–5/ })).toHaveTextContent("TX");
});

test("the frames around a fault are one click away", async () => {
  const page = renderPage("/devices/1?tab=health", answers());
  await userEvent.click(await screen.findByRole("button", { name: "Show frames" }));
  await vi.waitFor(() => expect(page.asked.some((url) => url.includes("fault=7"))).toBe(true));
});

test("a device whose link is not in use says so", async () => {
  const given = answers();
  given.set("/api/links", { body: [] });
  renderPage("/devices/1?tab=health", given);
  expect(await screen.findByRole("heading", { name: "Link not in use" })).toBeInTheDocument();
});

test("a command asks first, tells what the device wants, and what it shows after", async () => {
  const given = answers();
  const done = { id: 1, result: "verified", old: 0, new: 9, message: "" };
  given.set("POST /api/devices/1/commands/start", { body: done });
  const page = renderPage("/devices/1?tab=controls", given);
  await userEvent.click(await screen.findByRole("button", { name: "Start" }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog).toHaveTextContent("Start the engine?");
  await page.send(latest([value(STATE, { value: 9 })]));
  expect(dialog).toHaveTextContent("Requires State: Standby (now: Running)");
  expect(page.sent).toEqual([]);
  await userEvent.click(within(dialog).getByRole("button", { name: "Start" }));
  await vi.waitFor(() => expect(page.sent[0]?.body).toEqual({ confirmed: true }));
  expect(await screen.findByText("Start: done, confirmed by read-back")).toBeInTheDocument();
});

test("a set-point is confirmed with its value; a device that does not show it is not called done", async () => {
  const given = answers();
  const done = {
    id: 2,
    result: "not_verified",
    old: 400,
    new: 400,
    message: "it still shows 400",
    code: "",
    facts: {},
  };
  given.set("POST /api/devices/1/points/power/write", { body: done });
  const page = renderPage("/devices/1?tab=controls", given);
  await userEvent.type(await screen.findByRole("textbox", { name: "New value for Active power" }), "420");
  await userEvent.click(screen.getByRole("button", { name: "Write" }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog).toHaveTextContent("Write 420.0 kW to Active power?");
  await userEvent.click(within(dialog).getByRole("button", { name: "Write" }));
  await vi.waitFor(() => expect(page.sent[0]?.body).toEqual({ value: 420 }));
  expect(await screen.findByText("Active power: accepted, but not confirmed by read-back")).toBeInTheDocument();
  expect(screen.getByText("it still shows 400")).toBeInTheDocument();
});

test("who may only look sees the commands and cannot give them", async () => {
  renderPage("/devices/1?tab=controls", answers(), { ...OLGA, role: "read_only" });
  expect(await screen.findByRole("button", { name: "Start" })).toBeDisabled();
  expect(screen.getByText("Only administrators and the owner can control devices.")).toBeInTheDocument();
});

test("the parts of the page are links, and the back button leads back", async () => {
  const page = renderPage("/devices/1", answers());
  await userEvent.click(await screen.findByRole("link", { name: "Control" }));
  expect(page.router.state.location.search).toBe("?tab=controls");
  expect(screen.getByRole("link", { name: "Control" })).toHaveAttribute("aria-current", "page");
});
