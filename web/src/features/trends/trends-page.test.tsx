import { act, fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { DETAIL, DEVICE, latest, POWER, SITE, TREND, value } from "@/testing/plant.ts";
import { type Answer, OLGA, renderPage } from "@/testing/render-page.tsx";
import type { PlotParts } from "./plot.ts";
import type { Table } from "./traces.ts";

interface Drawn extends PlotParts {
  tables: Table[];
  views: { startMs: number; endMs: number }[];
}

const drawn = vi.hoisted(() => ({ plots: [] as unknown[] }));

vi.mock("./plot.ts", () => ({
  createPlot: (_element: unknown, parts: PlotParts) => {
    const plot = { ...parts, tables: [parts.table], views: [parts.view] };
    drawn.plots.push(plot);
    return {
      setTable: (table: Table) => plot.tables.push(table),
      setView: (view: Drawn["views"][number]) => plot.views.push(view),
      setSize: () => {},
      setCursor: () => {},
      setSpans: () => {},
      destroy: () => {},
    };
  },
}));

const lastPlot = () => drawn.plots.at(-1) as Drawn;

// The page is loaded when it is first shown; the first test must not be the one that waits for that.
beforeAll(() => import("./trends-page.tsx"), 30_000);

beforeEach(() => {
  drawn.plots.length = 0;
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(820);
});

const FIGURES = {
  start_ms: 0,
  end_ms: 3_600_000,
  series: [
    {
      point_id: POWER.id,
      at_ms: [0],
      values: { last: [395], min: [390], mean: [402.25], max: [420], good_percent: [99.97], count: [3600] },
    },
  ],
};

const answers = (trend: Answer = { body: TREND }) =>
  new Map<string, Answer>([
    ["/api/devices", { body: [DEVICE] }],
    ["/api/sites", { body: [SITE] }],
    ["/api/devices/1", { body: DETAIL }],
    ["/api/trend", trend],
    ["/api/history/buckets", { body: FIGURES }],
  ]);

const table = () => screen.findByRole("table", { name: "Statistics of this range" });

test("without points it invites to choose some", async () => {
  renderPage("/trends", answers());
  expect(await screen.findByRole("heading", { name: "No points selected" })).toBeInTheDocument();
});

test("what was looked at before is one click away", async () => {
  const first = renderPage("/trends?point=1.power&range=6h", answers());
  expect(await table()).toBeInTheDocument();
  first.unmount();
  renderPage("/trends", answers());
  const recent = await screen.findByRole("region", { name: "Recent trends" });
  expect(within(recent).getByRole("link")).toHaveTextContent(/: .*6 hr$/);
  await userEvent.click(within(recent).getByRole("link"));
  expect(await table()).toBeInTheDocument();
});

test("while the curve loads it says so", async () => {
  renderPage("/trends?point=1.power", answers("never"));
  expect(await screen.findByText("Loading trend")).toBeInTheDocument();
});

test("the curve is asked for while the device is still on its way", async () => {
  const given = answers();
  given.set("/api/devices/1", "never");
  const page = renderPage("/trends?point=1.power&range=1h", given);
  await screen.findByRole("button", { name: "Zoom in" });
  await vi.waitFor(() => expect(page.asked.some((url) => url.startsWith("/api/trend?point=1.power&"))).toBe(true));
  expect(screen.getByText("Loading trend")).toBeInTheDocument();
});

test("days are asked for when it is known on whose clocks", async () => {
  const given = answers();
  given.set("/api/devices/1", "never");
  const page = renderPage("/trends?point=1.power&range=day-20261120", given);
  await screen.findByRole("button", { name: "Zoom in" });
  await vi.waitFor(() => expect(page.asked).toContain("/api/devices/1"));
  expect(page.asked.filter((url) => url.startsWith("/api/trend"))).toEqual([]);
});

test("when the history cannot be read it can be tried again", async () => {
  const error = { code: "history", message: "the database file is broken", fields: [] };
  const given = answers({ status: 500, body: { error } });
  renderPage("/trends?point=1.power", given);
  expect(await screen.findByText(/the database file is broken/)).toBeInTheDocument();
  given.set("/api/trend", { body: TREND });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await table()).toBeInTheDocument();
});

test("a range without a sample says so", async () => {
  renderPage("/trends?point=1.power", answers({ body: { ...TREND, series: [] } }));
  expect(await screen.findByText(/No data in this range/)).toBeInTheDocument();
});

test("the curve is drawn with its band, and its exact figures are in the table", async () => {
  renderPage("/trends?point=1.power&range=1h", answers());
  const row = within(await table()).getByRole("row", { name: /Active power/ });
  await vi.waitFor(() => expect(row).toHaveTextContent("395.0 kW"));
  expect(row).toHaveTextContent("390.0 kW");
  expect(row).toHaveTextContent("420.0 kW");
  expect(row).toHaveTextContent("99.9 %");
  expect(row).toHaveTextContent("3,600 samples");
  expect(lastPlot().traces.map(({ part }) => part)).toEqual(["low", "high", "mid"]);
});

test("a range is asked for in about as many columns as the chart is wide, with some on either side", async () => {
  const page = renderPage(`/trends?point=1.power&range=20261120T100000Z..20261120T110000Z`, answers());
  await table();
  const asked = page.asked.find((url) => url.startsWith("/api/trend")) ?? "";
  const query = new URLSearchParams(asked.split("?")[1]);
  expect(query.get("point")).toBe("1.power");
  expect(query.get("buckets")).toBe("1050");
  expect(query.get("start_time")).toBe("2026-11-20T09:45:00.000Z");
  expect(query.get("end_time")).toBe("2026-11-20T11:15:00.000Z");
  expect(lastPlot().views.at(-1)).toEqual({
    startMs: Date.parse("2026-11-20T10:00:00Z"),
    endMs: Date.parse("2026-11-20T11:00:00Z"),
  });
});

test("what the curves tell of a device is not asked for a second time", async () => {
  const limits = { critical_lower: null, warning_lower: null, warning_upper: 5, critical_upper: 9, hysteresis: 0 };
  const given = answers();
  given.set("/api/devices/1", { body: { ...DETAIL, thresholds: { power: limits, state: limits } } });
  const page = renderPage("/trends?point=1.power&range=20261120T100000Z..20261120T110000Z", given);
  await table();
  const asked = () => page.asked.filter((url) => url.startsWith("/api/trend"));
  await vi.waitFor(() => expect(asked()).toHaveLength(2));
  expect(asked().map((url) => new URLSearchParams(url.split("?")[1]).getAll("point"))).toEqual([
    ["1.power"],
    ["1.state"],
  ]);
});

test("while it follows, the live stream draws the curve on before the history is asked again", async () => {
  const page = renderPage("/trends?point=1.power&range=1h", answers());
  await table();
  expect(page.sources.last().url).toBe("/api/devices/stream?device_id=1&values=all&interval_s=1");
  await page.send(latest([value(POWER, { value: 433 })]));
  await vi.waitFor(() => expect(lastPlot().tables.at(-1)?.[3]).toContain(433));
  await page.send(latest([value(POWER, { value: null, quality: "bad", at: "2026-11-21T03:00:01Z" })]));
  await vi.waitFor(() => expect(lastPlot().tables.at(-1)?.[3]?.at(-1)).toBeNull());
});

test("it is compared with the week before, in the chart and in the table", async () => {
  const page = renderPage("/trends?point=1.power&range=20261120T100000Z..20261120T110000Z", answers());
  await table();
  await userEvent.click(screen.getByRole("button", { name: "Compare" }));
  await userEvent.click(await screen.findByRole("menuitemradio", { name: "vs previous week", hidden: true }));
  await vi.waitFor(() => expect(lastPlot().traces[0]?.part).toBe("earlier"));
  expect(page.router.state.location.search).toContain("compare=week");
  const asked = page.asked.filter((url) => url.startsWith("/api/history/buckets")).at(-1) ?? "";
  const start = new URLSearchParams(asked.split("?")[1]).get("start_time") ?? "";
  expect(start.slice(0, 10)).toBe("2026-11-13");
  await vi.waitFor(async () => expect(await table()).toHaveTextContent("earlier 420.0 kW"));
});

test("a table of what is seen is asked of the server, and handed over under its name", async () => {
  const given = answers();
  given.set("/api/export/devices", { body: "time,power" });
  const page = renderPage("/trends?point=1.power&range=20261120T100000Z..20261120T110000Z", given);
  await table();
  const click = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => {});
  vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: () => "blob:x", revokeObjectURL: () => {} }));
  await userEvent.click(screen.getByRole("button", { name: "Export" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "By hour (CSV)", hidden: true }));
  await vi.waitFor(() => expect(click).toHaveBeenCalled());
  const asked = page.asked.find((url) => url.startsWith("/api/export")) ?? "";
  const query = Object.fromEntries(new URLSearchParams(asked.split("?")[1]));
  expect(query).toMatchObject({
    device_ids: "1",
    points: "power",
    aggregate: "1hour",
    layout: "wide",
    start_time: "2026-11-20T10:00:00.000Z",
    end_time: "2026-11-20T11:00:00.000Z",
  });
});

test("a table that cannot be had is said to be so", async () => {
  const given = answers();
  const error = { code: "no_readings", message: "nothing was recorded", fields: [] };
  given.set("/api/export/devices", { status: 404, body: { error } });
  renderPage("/trends?point=1.power&range=1h", given);
  await table();
  await userEvent.click(screen.getByRole("button", { name: "Export" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Raw samples (CSV)", hidden: true }));
  expect(await screen.findByRole("alert")).toHaveTextContent("nothing was recorded");
});

test("yesterday is one click, and the day before it another", async () => {
  const page = renderPage("/trends?point=1.power", answers());
  await table();
  await userEvent.click(screen.getByRole("button", { name: "Calendar" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Yesterday", hidden: true }));
  expect(page.router.state.location.search).toBe("?point=1.power&range=yesterday");
  await userEvent.click(screen.getByRole("button", { name: "Earlier" }));
  expect(page.router.state.location.search).toMatch(/range=day-\d{8}$/);
});

test("a day that is picked is in the fields below it, where an hour of it can be chosen", async () => {
  const page = renderPage("/trends?point=1.power&range=1h", answers());
  await userEvent.click(await screen.findByRole("button", { name: "Custom" }));
  fireEvent.change(await screen.findByLabelText("Pick a day"), { target: { value: "2026-11-17" } });
  await vi.waitFor(() => expect(screen.getByLabelText("From")).toHaveValue("2026-11-17T00:00"));
  fireEvent.change(screen.getByLabelText("From"), { target: { value: "2026-11-17T14:00:00" } });
  fireEvent.change(screen.getByLabelText("To"), { target: { value: "2026-11-17T15:00:00" } });
  expect(screen.getByLabelText("From")).toHaveValue("2026-11-17T14:00");
  expect(screen.getByLabelText("To")).toHaveValue("2026-11-17T15:00");
  expect(screen.getByText("Apply").closest("button")).toBeEnabled();
  fireEvent.submit(screen.getByLabelText("From"));
  await vi.waitFor(() => expect(page.router.state.location.search).toContain("20261117T140000Z..20261117T150000Z"));
});

test("a range is one click, and the address remembers it", async () => {
  const page = renderPage("/trends?point=1.power", answers());
  await table();
  await userEvent.click(screen.getByRole("button", { name: "6 hr" }));
  expect(page.router.state.location.search).toBe("?point=1.power&range=6h");
});

test("zooming writes the address, and the way back to now is offered", async () => {
  const page = renderPage("/trends?point=1.power&range=20261120T100000Z..20261120T110000Z", answers());
  await table();
  await userEvent.click(screen.getByRole("button", { name: "Zoom in" }));
  await vi.waitFor(() =>
    expect(page.router.state.location.search).toBe("?point=1.power&range=20261120T101500Z..20261120T104500Z"),
  );
  await userEvent.click(screen.getByRole("button", { name: "Go live" }));
  await vi.waitFor(() => expect(page.router.state.location.search).toBe("?point=1.power&range=1h"));
});

test("the back button undoes a zoom", async () => {
  const page = renderPage("/trends?point=1.power&range=20261120T100000Z..20261120T110000Z", answers());
  await table();
  const narrow = "?point=1.power&range=20261120T101500Z..20261120T104500Z";
  for (const _ of ["first", "again"]) {
    await userEvent.click(screen.getByRole("button", { name: "Zoom in" }));
    await vi.waitFor(() => expect(page.router.state.location.search).toBe(narrow));
    await vi.waitFor(() => expect(lastPlot().views.at(-1)?.startMs).toBe(Date.parse("2026-11-20T10:15:00Z")));
    await act(async () => {});
    await act(() => page.router.navigate(-1));
    expect(page.router.state.location.search).not.toBe(narrow);
  }
});

test("points that cannot be drawn are named", async () => {
  renderPage("/trends?point=1.power&point=1.nothing&point=9.power", answers());
  expect(await screen.findByText("Not found: 1.nothing, 9.power")).toBeInTheDocument();
  expect(await table()).toBeInTheDocument();
});

test("when none of the points exists it invites to choose others", async () => {
  renderPage("/trends?point=1.nothing", answers());
  expect(await screen.findByText("Not found: 1.nothing")).toBeInTheDocument();
  expect(screen.getByRole("heading", { name: "No points selected" })).toBeInTheDocument();
});

test("a device that cannot be asked for fails the page, and its points are not called missing", async () => {
  renderPage("/trends?point=1.power", answers().set("/api/devices/1", "unreachable"));
  expect(await screen.findByText(/The server is not responding/)).toBeInTheDocument();
  expect(screen.queryByText(/1\.power/)).not.toBeInTheDocument();
});

test("points are ticked in the picker and crossed out in the table", async () => {
  const page = renderPage("/trends", answers());
  await userEvent.click((await screen.findAllByRole("button", { name: "Add points" }))[0] ?? document.body);
  await userEvent.click(await screen.findByRole("checkbox", { name: "Active power" }));
  expect(page.router.state.location.search).toBe("?point=1.power&range=1h");
  expect(screen.queryByRole("checkbox", { name: "Serial number" })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Done" }));
  await userEvent.click(await screen.findByRole("button", { name: "Remove Active power" }));
  expect(await screen.findByRole("heading", { name: "No points selected" })).toBeInTheDocument();
});

test("times and days are those of the site", async () => {
  const given = answers();
  given.set("/api/sites", { body: [{ ...SITE, zone: "Asia/Kathmandu" }] });
  const page = renderPage("/trends?point=1.power&range=day-20261120", given);
  expect(await screen.findByText("Asia/Kathmandu")).toBeInTheDocument();
  await vi.waitFor(() => {
    const asked = page.asked.filter((url) => url.startsWith("/api/history/buckets")).at(-1) ?? "";
    expect(new URLSearchParams(asked.split("?")[1]).get("start_time")).toBe("2026-11-19T18:15:00.000Z");
  });
});

test("the zone that the account chose comes before that of the site", async () => {
  const given = answers();
  given.set("/api/sites", { body: [{ ...SITE, zone: "Asia/Kathmandu" }] });
  const page = renderPage("/trends?point=1.power&range=day-20261025", given, { ...OLGA, zone: "Europe/Berlin" });
  expect(await screen.findByText("Europe/Berlin")).toBeInTheDocument();
  await vi.waitFor(() => {
    const asked = page.asked.filter((url) => url.startsWith("/api/history/buckets")).at(-1) ?? "";
    const query = new URLSearchParams(asked.split("?")[1]);
    expect(query.get("start_time")).toBe("2026-10-24T22:00:00.000Z");
    expect(query.get("end_time")).toBe("2026-10-25T23:00:00.000Z");
  });
});

test("when a device was not normal is said in words, and can be looked at", async () => {
  const gone = { ...TREND.series[0], min: [400, null, 390], max: [410, null, 400], mean: [405, null, 396] };
  const nowMs = Date.now();
  const at_ms = [nowMs - 60_000, nowMs - 50_000, nowMs - 40_000];
  const body = { ...TREND, start_ms: nowMs - 3_600_000, end_ms: nowMs, series: [{ ...gone, at_ms }] };
  const page = renderPage("/trends?point=1.power&range=1h", answers({ body }));
  const list = await screen.findByRole("region", { name: "Alarm and offline periods" });
  const row = within(list).getByRole("listitem");
  expect(row).toHaveTextContent(/G1.*no data.*10s/);
  await userEvent.click(within(row).getByRole("button"));
  await vi.waitFor(() => expect(page.router.state.location.search).toMatch(/range=\d+T\d+Z/));
});
