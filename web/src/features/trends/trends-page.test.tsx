import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { DETAIL, DEVICE, POWER, SITE, TREND } from "@/testing/plant.ts";
import { type Answer, renderPage } from "@/testing/render-page.tsx";
import type { ChartOption } from "./chart-options.ts";

const drawn = vi.hoisted(() => ({ options: [] as unknown[] }));

vi.mock("./echarts.ts", () => ({
  createChart: () => ({
    setOption: (option: unknown) => drawn.options.push(option),
    resize: () => {},
    dispose: () => {},
  }),
}));
vi.mock("@mantine/hooks", async (original) => ({
  ...(await original<typeof import("@mantine/hooks")>()),
  useElementSize: () => ({ ref: { current: null }, width: 820, height: 400 }),
}));

beforeEach(() => {
  drawn.options.length = 0;
});

const answers = (trend: Answer = { body: TREND }) =>
  new Map<string, Answer>([
    ["/api/devices", { body: [DEVICE] }],
    ["/api/sites", { body: [SITE] }],
    ["/api/devices/1", { body: DETAIL }],
    ["/api/trend", trend],
  ]);

const table = () => screen.findByRole("table", { name: "In this range" });

test("without points it invites to choose some", async () => {
  renderPage("/trends", answers());
  expect(await screen.findByRole("heading", { name: "No points chosen" })).toBeInTheDocument();
});

test("while the curve loads it says so", async () => {
  renderPage("/trends?point=1.power", answers("never"));
  expect(await screen.findByText("Loading the trend")).toBeInTheDocument();
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
  expect(await screen.findByText(/Nothing was recorded in this range/)).toBeInTheDocument();
});

test("the curve is drawn with its band, and its figures are in the table", async () => {
  renderPage("/trends?point=1.power&range=1h", answers());
  const row = within(await table()).getByRole("row", { name: /Active power/ });
  expect(row).toHaveTextContent("395.0 kW");
  expect(row).toHaveTextContent("390.0 kW");
  expect(row).toHaveTextContent("420.0 kW");
  await vi.waitFor(() => expect(drawn.options.length).toBeGreaterThan(0));
  const option = drawn.options.at(-1) as ChartOption;
  const series = [option.series].flat();
  expect(series.map((one) => one?.type)).toEqual(["custom", "line"]);
});

test("the history is asked for in as many columns as the chart is wide", async () => {
  const page = renderPage(`/trends?point=1.power&range=20261120T100000Z..20261120T110000Z`, answers());
  await table();
  const asked = page.asked.find((url) => url.startsWith("/api/trend")) ?? "";
  const query = new URLSearchParams(asked.split("?")[1]);
  expect(query.get("point_id")).toBe(String(POWER.id));
  expect(query.get("buckets")).toBe("900");
  expect(query.get("start_time")).toBe("2026-11-20T10:00:00.000Z");
  expect(query.get("end_time")).toBe("2026-11-20T11:00:00.000Z");
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
  await userEvent.click(screen.getByRole("button", { name: "Follow now" }));
  await vi.waitFor(() => expect(page.router.state.location.search).toBe("?point=1.power&range=1h"));
});

test("the back button undoes a zoom", async () => {
  const page = renderPage("/trends?point=1.power&range=20261120T100000Z..20261120T110000Z", answers());
  await table();
  const narrow = "?point=1.power&range=20261120T101500Z..20261120T104500Z";
  for (const _ of ["first", "again"]) {
    await userEvent.click(screen.getByRole("button", { name: "Zoom in" }));
    await vi.waitFor(() => expect(page.router.state.location.search).toBe(narrow));
    await act(() => page.router.navigate(-1));
    expect(page.router.state.location.search).not.toBe(narrow);
  }
});

test("points that cannot be drawn are named", async () => {
  renderPage("/trends?point=1.power&point=1.nothing&point=9.power", answers());
  expect(await screen.findByText("Not found and left out: 1.nothing, 9.power")).toBeInTheDocument();
  expect(await table()).toBeInTheDocument();
});

test("points are ticked in the picker and crossed out in the table", async () => {
  const page = renderPage("/trends", answers());
  await userEvent.click((await screen.findAllByRole("button", { name: "Add points" }))[0] ?? document.body);
  await userEvent.click(await screen.findByRole("checkbox", { name: "Active power" }));
  expect(page.router.state.location.search).toBe("?point=1.power&range=1h");
  expect(screen.queryByRole("checkbox", { name: "Serial number" })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Done" }));
  await userEvent.click(await screen.findByRole("button", { name: "Remove Active power" }));
  expect(await screen.findByRole("heading", { name: "No points chosen" })).toBeInTheDocument();
});
