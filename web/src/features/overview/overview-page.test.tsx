import { act, fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import { expect, test, vi } from "vitest";
import { DETAIL, DEVICE, GROUP, latest, POWER, SITE, STATE, value, WARNINGS } from "@/testing/plant.ts";
import { type Answer, OLGA, renderPage } from "@/testing/render-page.tsx";

const answers = (devices: unknown = [DEVICE]) =>
  new Map<string, Answer>([
    ["/api/sites", { body: [SITE] }],
    ["/api/devices", { body: devices }],
    ["/api/devices/1", { body: DETAIL }],
  ]);

const tile = () => screen.findByRole("article", { name: "G1" });

test("while the devices load it says so", () => {
  renderPage("/", new Map<string, Answer>([["/api/devices", "never"]]));
  expect(screen.getByText("Loading devices")).toBeInTheDocument();
});

test("without devices it says that there are none", async () => {
  renderPage("/", answers([]));
  expect(await screen.findByRole("heading", { name: "No devices yet" })).toBeInTheDocument();
});

test("when the server does not answer it says so, and tries again on demand", async () => {
  const given = answers();
  given.set("/api/devices", "unreachable");
  renderPage("/", given);
  expect(await screen.findByText(/The server is not responding/)).toBeInTheDocument();
  given.set("/api/devices", { body: [DEVICE] });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await tile()).toBeInTheDocument();
});

test("what the server complains about is shown in its words", async () => {
  const given = answers();
  const error = { code: "internal", message: "the catalog is locked", fields: [] };
  given.set("/api/sites", { status: 500, body: { error } });
  renderPage("/", given);
  expect(await screen.findByText(/the catalog is locked/)).toBeInTheDocument();
});

test("a tile shows values with unit, label and active bits, each with its age", async () => {
  const page = renderPage("/", answers());
  await tile();
  await page.send(
    latest([value(POWER, { value: 412.34 }), value(STATE, { value: 9 }), value(WARNINGS, { value: 8 })]),
  );
  const shown = await tile();
  expect(await within(shown).findByText("Active power")).toBeInTheDocument();
  expect(shown).toHaveTextContent("412.3 kW");
  expect(shown).toHaveTextContent("Running");
  expect(shown).toHaveTextContent("Fuel low");
  expect(within(shown).getAllByText("0s").length).toBe(3);
  expect(within(shown).getAllByRole("img", { name: "Good" }).length).toBe(3);
});

test("how a value went is a line, and is said in words", async () => {
  const given = answers();
  const at_ms = [0, 1_800_000, 3_600_000];
  const column = { point_id: POWER.id, at_ms, mean: [400, 405, 410], last: [400, 405, 410], good_percent: [1, 1, 1] };
  const series = [{ ...column, min: [390, 400, 405], max: [405, 420, 415] }];
  given.set("/api/trend", { body: { start_ms: 0, end_ms: 3_600_000, bucket_ms: 60_000, series } });
  const page = renderPage("/", given);
  await tile();
  await page.send(latest([value(POWER, { value: 412.3 })]));
  const line = await within(await tile()).findByRole("img", { name: "Last 1h: 390.0 kW to 420.0 kW" });
  expect(line.querySelector("path")?.getAttribute("d")).toMatch(/^M0\.0 /);
});

test("a bad value is never a number: it says why, and what was there before, with its age", async () => {
  const page = renderPage("/", answers());
  await tile();
  const bad = { value: null, quality: "bad", reason: "sensor", last_good_value: 398, last_good_age_s: 130 } as const;
  await page.send(latest([value(POWER, bad)]));
  const shown = await tile();
  expect(await within(shown).findByText("No reading")).toBeInTheDocument();
  expect(shown).toHaveTextContent("sensor fault");
  expect(shown).toHaveTextContent("last 398.0 kW · 2m ago");
});

test("a device that is offline says since when, and what is wrong", async () => {
  const page = renderPage("/", answers());
  await tile();
  await page.send(latest([], { status: "offline", error: "no answer within 2 s" }));
  const shown = await tile();
  expect(within(shown).getByText("Offline")).toBeInTheDocument();
  expect(shown).toHaveTextContent("no answer within 2 s");
  expect(screen.getByRole("button", { name: "Offline 1" })).toBeInTheDocument();
});

test("a kind that the page does not know keeps its own word", async () => {
  renderPage("/", answers([{ ...DEVICE, kind: "windmill" }]));
  expect(await within(await tile()).findByText("windmill")).toBeInTheDocument();
});

test("the status filter hides the others, and can be undone", async () => {
  renderPage("/?state=error", answers());
  expect(await screen.findByRole("heading", { name: "No matching devices" })).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Show all" }));
  expect(await tile()).toBeInTheDocument();
});

test("typing filters, and the address remembers", async () => {
  const page = renderPage("/", answers());
  await tile();
  await userEvent.type(screen.getByRole("searchbox", { name: "Filter devices" }), "north g1");
  expect(page.router.state.location.search).toBe("?q=north+g1");
  expect(await tile()).toBeInTheDocument();
});

test("the connection is said, live and lost, and a person can try at once", async () => {
  const page = renderPage("/", answers());
  await tile();
  const connection = screen.getByRole("status", { name: "Server connection" });
  await page.send();
  expect(connection).toHaveTextContent("Live");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await act(async () => page.sources.last().fail());
  expect(connection).toHaveTextContent("Reconnecting");
  expect(screen.getByText(/No connection to the server since/)).toBeInTheDocument();
  const before = page.sources.opened.length;
  fireEvent.click(screen.getByRole("button", { name: "Retry now" }));
  expect(page.sources.opened.length).toBe(before + 1);
  vi.useRealTimers();
  await page.send();
  expect(screen.queryByText(/No connection to the server since/)).not.toBeInTheDocument();
});

test("a value that is not renewed turns old before one's eyes", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const page = renderPage("/", answers());
  await tile();
  await page.send(latest([value(POWER, { value: 412 })]));
  const shown = await tile();
  expect(await within(shown).findByRole("img", { name: "Good" })).toBeInTheDocument();
  await act(() => vi.advanceTimersByTimeAsync(8000));
  expect(within(shown).getByText("Stale")).toBeInTheDocument();
  expect(shown).toHaveTextContent("8s");
  vi.useRealTimers();
});

test("the language changes at once", async () => {
  const page = renderPage("/", answers());
  await tile();
  await page.send(latest([value(STATE, { value: 9 })]));
  await act(() => i18next.changeLanguage("ru"));
  const shown = await tile();
  expect(shown).toHaveTextContent("Работа");
  expect(shown).toHaveTextContent("Норма");
  await act(() => i18next.changeLanguage("en"));
});

test("a screen on a wall shows the worst first, with the token of its address and nothing to click", async () => {
  const given = answers([DEVICE, { ...DEVICE, id: 2, name: "G2", status: "offline" }]);
  given.set("/api/devices/2", { body: DETAIL });
  given.set("/api/groups", { body: [] });
  given.set("/api/auth/me", { body: { ...OLGA, role: "read_only", is_session: false } });
  renderPage("/wall#display-token", given, null);
  expect(await screen.findByRole("article", { name: "G2" })).toBeInTheDocument();
  const next = screen.queryByRole("button", { name: "Next page" });
  if (next) await userEvent.click(next);
  expect(await tile()).toBeInTheDocument();
  expect(screen.queryByRole("link", { name: "G1" })).not.toBeInTheDocument();
  expect(screen.queryByRole("navigation")).not.toBeInTheDocument();
});

test("a token that is not good any more asks to sign in", async () => {
  const refused = { status: 401, body: { error: { code: "invalid_token", message: "expired", fields: [] } } };
  const given = answers().set("/api/auth/me", refused).set("/api/auth/refresh", refused);
  given.set("/api/auth/setup", { body: { needed: false } });
  renderPage("/wall#old", given, null);
  expect(await screen.findByRole("heading", { name: "Sign in" })).toBeInTheDocument();
});

test("groups arrange the devices when that is chosen, and the address remembers", async () => {
  const given = answers([DEVICE, { ...DEVICE, id: 2, name: "G2" }]);
  given.set("/api/groups", { body: [GROUP] }).set("/api/groups/7", { body: GROUP });
  given.set("/api/devices/2", { body: DETAIL });
  const page = renderPage("/", given);
  await userEvent.click(await screen.findByRole("button", { name: "Groups" }));
  expect(page.router.state.location.search).toBe("?by=group");
  const engines = screen.getByRole("region", { name: "Engines" });
  expect(within(engines).getAllByRole("article")).toHaveLength(1);
  expect(
    within(screen.getByRole("region", { name: "Ungrouped" })).getByRole("article", { name: "G2" }),
  ).toBeVisible();
});

test("an active alarm is told by name, and makes the device what it is", async () => {
  const given = answers();
  const alarm = { ...WARNINGS, alarm: "critical", overview: false } as const;
  given.set("/api/devices/1", { body: { ...DETAIL, points: [POWER, alarm] } });
  const page = renderPage("/", given);
  await tile();
  await page.send(latest([value(POWER), value(alarm, { value: 8 })], { alert: "critical" }));
  const shown = await tile();
  expect(within(shown).getByText("Critical")).toBeInTheDocument();
  expect(await within(shown).findByRole("list", { name: "Active alarms" })).toHaveTextContent("Fuel low");
  await page.send(latest([value(POWER)]));
  expect(within(shown).queryByRole("list", { name: "Active alarms" })).not.toBeInTheDocument();
  expect(within(shown).getByText("Normal")).toBeInTheDocument();
});

test("a wall without devices says why, and whether the server is there stands beside it", async () => {
  const given = answers([]).set("/api/devices", "never");
  const first = renderPage("/wall", given);
  expect(await screen.findByText("Loading devices")).toBeInTheDocument();
  first.unmount();
  given.set("/api/devices", "unreachable");
  const second = renderPage("/wall", given);
  expect(await screen.findByRole("button", { name: "Try again" })).toBeInTheDocument();
  expect(screen.getByRole("status", { name: "Server connection" })).toBeInTheDocument();
  second.unmount();
  given.set("/api/devices", { body: [] });
  renderPage("/wall", given);
  expect(await screen.findByRole("heading", { name: "No devices yet" })).toBeInTheDocument();
  expect(screen.getByRole("main")).toBeInTheDocument();
});
