import { focusManager } from "@tanstack/react-query";
import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Audit, Backup, Configuration, Health, SystemHealth, SystemMetrics, TrendLog } from "@/api/types.ts";
import { DETAIL, DEVICE, GROUP } from "@/testing/plant.ts";
import { type Answer, OLGA, renderPage } from "@/testing/render-page.tsx";

const LOG: TrendLog = {
  id: 3,
  device_id: 1,
  name: "Energy",
  interval_s: 900,
  max_samples: 96,
  enabled: true,
  series: [{ key: "power", point_id: 77 }],
};
const AUDIT: Audit = {
  records: [
    {
      id: 9,
      at: "2026-11-21T09:00:00Z",
      who: "olga",
      origin: "10.0.0.7",
      via: "session",
      action: "changed",
      kind: "device",
      subject: "G1",
      subject_id: "1",
      changes: { interval_s: { old: 1, new: 5 } },
      previous: "",
      hash: "",
    },
  ],
  next_before: null,
  head: { id: 9, hash: "5d41402abc4b2a76b9719d911017c592" },
};
const CONFIGURATION: Configuration = {
  system_name: "North",
  default_retention_days: null,
  session_timeout_minutes: 60,
  max_login_attempts: 5,
  backup_enabled: true,
  backup_schedule: "0 2 * * *",
  backup_retention_count: 7,
  backup_folder: "",
  next_backup_at: null,
};
const BACKUP: Backup = {
  id: 1,
  status: "failed",
  triggered_by: "scheduled",
  description: "",
  initiated_by: "system",
  started_at: "2026-11-21T02:00:00Z",
  completed_at: "2026-11-21T02:00:01Z",
  file_path: null,
  file_size_bytes: 0,
  error_message: "the disk is full",
  cause: { code: "backup_folder_full", facts: { folder: "/mnt/nas", said: "No space left on device" } },
  restore_command: null,
  audit_head: "",
};
const HEALTH: Health = {
  status: "degraded",
  version: "1.0",
  role: "all",
  sharing: null,
  redis: null,
  started_at: "2026-11-21T02:00:00Z",
  now: "2026-11-21T03:00:00Z",
  devices: { online: 3, offline: 1, error: 0, unknown: 0 },
  history: { stored: 12_000, waiting: 0, dropped: 0, problem: null },
  room: {
    state: "warning",
    bytes: 2_000_000,
    days_left: 12,
    dropped_before: null,
    dropped_samples: 0,
    free_bytes: 9_000_000,
    growth_bytes_per_day: 700_000,
    used_percent: 84,
  },
  spool: {
    waiting: 4200,
    bytes: 88_000,
    max_bytes: 4_000_000_000,
    used_percent: 0,
    since: "2026-11-21T02:59:00Z",
    oldest_age_s: 60,
    max_hours: 72,
    forwarded: 0,
    dropped: 0,
    problem: "the history's server cannot be used",
  },
  problems: ["The disk is nearly full"],
  problem_details: [
    { message: "The disk is nearly full", code: "disk", facts: { used_share: 0.96, days_left: null } },
    {
      message: "history: 4200 samples wait on the disk: the history's server cannot be used",
      code: "spool",
      facts: { samples: 4200, cause: "the history's server cannot be used", cause_code: "connection_refused" },
    },
  ],
};
const SYSTEM: SystemHealth = {
  status: "healthy",
  database: "connected",
  version: "1.0",
  uptime_seconds: 3600,
  device_count: 4,
  active_device_count: 3,
  timestamp: "2026-11-21T03:00:00Z",
  error: null,
};

const METRICS: SystemMetrics = {
  status: "warning",
  cache_hit_rate: 0.85,
  cache_size_bytes: 150_000,
  cache_eviction_rate: 0,
  database_connection_count: 4,
  database_query_time_avg_ms: 620,
  database_size_bytes: 5_000_000,
  collection_success_rate: 1,
  collection_latency_avg_ms: 157,
  failed_collections_last_hour: 7,
  api_requests_per_minute: 12,
  api_response_time_avg_ms: 2.4,
  api_error_rate: 0,
  disk_usage_percent: 43,
  thresholds: [
    { metric: "cache_hit_rate", value: 0.85, below: true, warning: 0.9, critical: 0.8, state: "warning" },
    {
      metric: "database_query_time_avg_ms",
      value: 620,
      below: false,
      warning: 100,
      critical: 500,
      state: "critical",
    },
    { metric: "disk_usage_percent", value: 43, below: false, warning: 80, critical: 95, state: "ok" },
  ],
};

const backups = (...list: Backup[]) => ({ backups: list, total: list.length, limit: 100, offset: 0 });
const answers = () =>
  new Map<string, Answer>([
    ["/api/devices", { body: [DEVICE] }],
    ["/api/devices/1", { body: DETAIL }],
    ["/api/groups", { body: [GROUP] }],
    ["/api/groups/7", { body: GROUP }],
    ["/api/history/trend-logs", { body: [LOG] }],
    ["/api/audit", { body: AUDIT }],
    ["/api/system/config", { body: CONFIGURATION }],
    ["/api/system/backups", { body: backups(BACKUP) }],
    ["/api/health", { body: HEALTH }],
    ["/api/system/health", { body: SYSTEM }],
    ["/api/health/metrics", { body: { success: true, data: METRICS, error: null, source: "api", timestamp: 0 } }],
    ["/api/links", { body: [] }],
  ]);

const PAGES = [
  ["/groups", "/api/groups", "Loading groups", "Engines"],
  ["/trend-logs", "/api/history/trend-logs", "Loading trend logs", "Energy"],
  ["/audit", "/api/audit", "Loading audit log", "G1"],
  ["/configuration", "/api/system/config", "Loading configuration", "General"],
  ["/backups", "/api/system/backups", "Loading backups", "no space left in the backup folder /mnt/nas"],
  ["/health", "/api/health", "Loading system health", "The disk or the size limit of the history is 96 % full."],
] as const;

test.each(PAGES)(
  "%s says that it loads, shows what it was told, and what went wrong",
  async (path, asked, loads, shown) => {
    const given = answers();
    given.set(asked, "never");
    const first = renderPage(path, given);
    expect(await screen.findByText(loads)).toBeInTheDocument();
    first.unmount();
    given.set(asked, "unreachable");
    renderPage(path, given);
    expect(await screen.findByText(/The server is not responding/)).toBeInTheDocument();
    given.set(asked, answers().get(asked) ?? "never");
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText(shown)).toBeInTheDocument();
  },
);

test.each([
  ["/groups", "/api/groups", [], "No groups yet"],
  ["/trend-logs", "/api/history/trend-logs", [], "No trend logs yet"],
  ["/backups", "/api/system/backups", backups(), "No backups yet"],
] as const)("%s says when there is nothing", async (path, asked, body, words) => {
  const given = answers();
  given.set(asked, { body });
  renderPage(path, given);
  expect(await screen.findByRole("heading", { name: words })).toBeInTheDocument();
});

test("who only looks sees groups, trend logs, configuration and health, and can change nothing there", async () => {
  for (const path of ["/groups", "/trend-logs", "/configuration", "/health"]) {
    const view = renderPage(path, answers(), { ...OLGA, role: "read_only" });
    await screen.findByRole("heading", { level: 1 });
    expect(screen.queryByRole("button", { name: /Add|Edit|Delete|Save/ })).not.toBeInTheDocument();
    view.unmount();
  }
});

test("the list of pages has those that the role has something to do on", async () => {
  const pages = async () =>
    within(await screen.findByRole("navigation", { name: "Settings" }))
      .getAllByRole("link")
      .map((link) => link.textContent);
  const view = renderPage("/groups", answers(), { ...OLGA, role: "read_only" });
  expect(await pages()).toEqual(["Groups", "Trend logs", "Profiles", "Account", "System health", "Configuration"]);
  view.unmount();
  renderPage("/groups", answers(), { ...OLGA, role: "admin" });
  expect(await pages()).not.toContain("Audit log");
});

test.each(["/audit", "/backups"])(
  "%s is nothing for those who only look, and asks the server nothing",
  async (path) => {
    const page = renderPage(path, answers(), { ...OLGA, role: "read_only" });
    expect(await screen.findByRole("heading", { name: "No access" })).toBeInTheDocument();
    expect(page.asked).toEqual([]);
  },
);

test("a group is made of a name and devices", async () => {
  const given = answers();
  given.set("POST /api/groups", { status: 201, body: GROUP });
  const page = renderPage("/groups", given);
  await userEvent.click(await screen.findByRole("button", { name: "Add group" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByLabelText("Name"), "Engines");
  await userEvent.click(within(dialog).getByRole("combobox", { name: "Devices" }));
  await userEvent.click(await screen.findByRole("option", { name: "G1", hidden: true }));
  await userEvent.click(within(dialog).getByRole("button", { name: "Add group" }));
  await waitFor(() => expect(page.sent).toHaveLength(1));
  expect(page.sent[0]?.body).toEqual({ name: "Engines", description: "", device_ids: [1] });
});

test("a trend log is deleted with its samples only when that is chosen", async () => {
  const given = answers();
  given.set("DELETE /api/history/trend-logs/3", { status: 204, body: null });
  const page = renderPage("/trend-logs", given);
  await userEvent.click(await screen.findByRole("button", { name: "Delete trend log Energy" }));
  await userEvent.click(await screen.findByRole("radio", { name: "Delete them permanently" }));
  await userEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(page.sent).toMatchObject([{ url: "/api/history/trend-logs/3?keep_data=false" }]));
});

test("a trend log's interval that the server refuses is said at its field", async () => {
  const given = answers();
  const fields = [{ field: "interval_s", message: "no", code: "range", facts: { low: 1, high: 86400 } }];
  given.set("PUT /api/history/trend-logs/3", {
    status: 422,
    body: { error: { code: "invalid", message: "invalid", fields } },
  });
  renderPage("/trend-logs", given);
  await userEvent.click(await screen.findByRole("button", { name: "Edit trend log Energy" }));
  const dialog = await screen.findByRole("dialog");
  await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  expect(await within(dialog).findByText("Allowed: 1 to 86400.")).toBeInTheDocument();
});

test("the configuration is sent whole, an empty retention as none", async () => {
  const given = answers();
  given.set("PUT /api/system/config", { body: CONFIGURATION });
  const page = renderPage("/configuration", given);
  const name = await screen.findByLabelText("System name");
  await userEvent.clear(name);
  await userEvent.type(name, "South");
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("Saved")).toBeInTheDocument();
  const { next_backup_at: _, ...rest } = CONFIGURATION;
  expect(page.sent[0]?.body).toEqual({ ...rest, system_name: "South" });
});

test("a backup that cannot be begun says why", async () => {
  const given = answers();
  const facts = { cause: "no folder for backups is set", cause_code: "no_backup_folder" };
  const error = { code: "backup_refused", message: "no folder for backups is set", fields: [], facts };
  given.set("POST /api/system/backup", { status: 409, body: { error } });
  renderPage("/backups", given);
  await userEvent.click(await screen.findByRole("button", { name: "Back up now" }));
  expect(await screen.findByText(/set a backup folder in the configuration first/)).toBeInTheDocument();
});

test("the audit shows each field before and after, and asks for what is chosen", async () => {
  const page = renderPage("/audit?kind=device", answers());
  expect(await screen.findByText("Interval (s)")).toBeInTheDocument();
  expect(page.asked.some((url) => url.startsWith("/api/audit?kind=device"))).toBe(true);
  await userEvent.type(screen.getByRole("searchbox", { name: "User" }), "olga");
  await waitFor(() => expect(page.asked.some((url) => url.includes("who=olga"))).toBe(true));
});

test("an export of the audit is asked for as it is filtered, tells how far it is, and can be stopped", async () => {
  const given = answers();
  given.set("/api/audit/export", "never");
  const page = renderPage("/audit?kind=device", given);
  await userEvent.click(await screen.findByRole("button", { name: "Export CSV" }));
  expect(page.asked).toContain("/api/audit/export?format=csv&kind=device");
  expect(screen.getByRole("button", { name: /MB – cancel/ })).toBeEnabled();
  expect(screen.getByRole("button", { name: "Export JSON Lines" })).toBeDisabled();
});

test("a database that cannot be reached goes before all else", async () => {
  const given = answers();
  given.set("/api/system/health", { status: 503, body: { ...SYSTEM, database: "disconnected" } });
  renderPage("/health", given);
  expect(await screen.findByText(/Database unreachable/)).toBeInTheDocument();
});

test("what waits for a database that is away is shown with how long it waits, and why", async () => {
  renderPage("/health", answers());
  expect(await screen.findByRole("heading", { name: "Spool" })).toBeInTheDocument();
  const spool = screen.getByRole("region", { name: "Spool" });
  expect(within(spool).getByText(/database: 4,200 \(connection refused\)/)).toBeInTheDocument();
  expect(screen.getByText("4,200")).toBeInTheDocument();
});

test.each([
  ["/health", "/api/health", "The disk or the size limit of the history is 96 % full."],
  ["/groups", "/api/groups", "Engines"],
])("%s says from when it is while it cannot be asked for anew", async (path, asked, shown) => {
  const given = answers();
  renderPage(path, given);
  expect(await screen.findByText(shown)).toBeInTheDocument();
  given.set(asked, "unreachable");
  act(() => {
    focusManager.setFocused(false);
    focusManager.setFocused(true);
  });
  expect(await screen.findByText(/Shown as of \d\d:\d\d:\d\d/)).toBeInTheDocument();
  expect(screen.getByText(shown)).toBeInTheDocument();
  given.set(asked, answers().get(asked) ?? "never");
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(screen.queryByText(/Shown as of/)).not.toBeInTheDocument());
});

test("a database that could not be asked about is not called connected", async () => {
  renderPage(
    "/health",
    answers().set("/api/system/health", { status: 500, body: { error: { code: "x", message: "x", fields: [] } } }),
  );
  const server = await screen.findByRole("region", { name: "Server" });
  await waitFor(() => expect(server).toHaveTextContent("Databasenot known yet"));
});

test("each figure of the system stands beside its bounds, and a word says how it is", async () => {
  const given = answers().set("/api/health", {
    body: { ...HEALTH, status: "ok", problems: [], problem_details: [] },
  });
  renderPage("/health", given);
  const list = await screen.findByRole("list", { name: "Performance" });
  const told = within(list)
    .getAllByRole("listitem")
    .map((row) => row.textContent);
  expect(told).toEqual([
    "Cache hit rateNow85 %Warning< 90 %Critical< 80 %Warning",
    "Database query time (mean)Now620 msWarning> 100 msCritical> 500 msCritical",
    "Disk usageNow43 %Warning> 80 %Critical> 95 %Normal",
  ]);
  expect(screen.getByText(/Needs attention/)).toBeInTheDocument();
});
