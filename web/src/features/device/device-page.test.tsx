import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { DETAIL, latest, POWER, SERIAL, SITE, STATE, value, WARNINGS } from "@/testing/plant.ts";
import { type Answer, renderPage } from "@/testing/render-page.tsx";

const answers = (detail: Answer = { body: DETAIL }) =>
  new Map<string, Answer>([
    ["/api/devices/1", detail],
    ["/api/sites", { body: [SITE] }],
  ]);

const row = (name: RegExp) => screen.findByRole("row", { name });

test("while the device loads it says so", () => {
  renderPage("/devices/1", answers("never"));
  expect(screen.getByText("Loading device")).toBeInTheDocument();
});

test("a device that does not exist is said to be missing, not broken", async () => {
  renderPage("/devices/7", new Map());
  expect(await screen.findByRole("heading", { name: "Device 7 not found" })).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Try again" })).not.toBeInTheDocument();
});

test("an address that names no device asks the server nothing", () => {
  const page = renderPage("/devices/abc", new Map());
  expect(screen.getByRole("heading", { name: "Device abc not found" })).toBeInTheDocument();
  expect(page.asked).toEqual([]);
});

test("when it fails it can be tried again", async () => {
  const given = answers("unreachable");
  renderPage("/devices/1", given);
  await screen.findByText(/The server is not responding/);
  given.set("/api/devices/1", { body: DETAIL });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { level: 1, name: "G1" })).toBeInTheDocument();
});

test("a device without points says so", async () => {
  renderPage("/devices/1", answers({ body: { ...DETAIL, points: [] } }));
  expect(await screen.findByRole("heading", { name: "No points" })).toBeInTheDocument();
});

test("a wrong clock is shown, what is about the interval is not", async () => {
  const warnings = [
    { field: "clock", message: "the device's clock shows 12:00:00, 240 s after ours" },
    { field: "interval_s", message: "too often" },
  ];
  renderPage("/devices/1", answers({ body: { ...DETAIL, warnings } }));
  expect(await screen.findByText(/240 s after ours/)).toBeInTheDocument();
  expect(screen.queryByText("too often")).not.toBeInTheDocument();
});

test("each point has its value, quality, age and address in both notations", async () => {
  const page = renderPage("/devices/1", answers());
  await row(/Active power/);
  await page.send(latest([value(POWER, { value: 412.34 })]));
  const shown = await row(/Active power/);
  expect(shown).toHaveTextContent("412.3 kW");
  expect(shown).toHaveTextContent("Good");
  expect(shown).toHaveTextContent("0s");
  expect(shown).toHaveTextContent("40181");
  expect(shown).toHaveTextContent("holding 180");
});

test("bits are spelled out, texts are shown as they are, labels in words", async () => {
  const page = renderPage("/devices/1", answers());
  await row(/Warnings/);
  await page.send(
    latest([value(WARNINGS, { value: 136 }), value(SERIAL, { text: "SG-1001" }), value(STATE, { value: 0 })]),
  );
  expect(await row(/Warnings/)).toHaveTextContent("Fuel lowBattery low");
  expect(await row(/Serial number/)).toHaveTextContent("SG-1001");
  expect(await row(/State/)).toHaveTextContent("Standby");
});

test("a number too large for the browser keeps every digit, now and as the last good one", async () => {
  const page = renderPage("/devices/1", answers());
  await row(/Active power/);
  const digits = "9007199254740993";
  const large = { value: Number(digits), text: digits, last_good_value: Number(digits), last_good_text: digits };
  await page.send(latest([value(POWER, large)]));
  expect(await row(/Active power/)).toHaveTextContent(`${digits} kW`);
  const bad = { value: null, text: null, quality: "bad", reason: "comm", last_good_age_s: 3 } as const;
  await page.send(latest([value(POWER, { ...large, ...bad })]));
  expect(await row(/Active power/)).toHaveTextContent(`last ${digits} kW`);
});

test("the search finds by name, key and address", async () => {
  renderPage("/devices/1", answers());
  await row(/Active power/);
  const search = screen.getByRole("searchbox", { name: "Search points" });
  await userEvent.type(search, "40261");
  expect(await row(/State/)).toBeInTheDocument();
  expect(screen.queryByRole("row", { name: /Active power/ })).not.toBeInTheDocument();
  await userEvent.clear(search);
  await userEvent.type(search, "zzz");
  expect(await screen.findByRole("heading", { name: "No matching points" })).toBeInTheDocument();
});

test("points are picked and taken to the trend; a text cannot be", async () => {
  renderPage("/devices/1", answers());
  await row(/Active power/);
  await userEvent.click(screen.getByRole("button", { name: "Add Active power to the trend" }));
  await userEvent.click(screen.getByRole("button", { name: "Add State to the trend" }));
  expect(screen.getByText("2 points selected")).toBeInTheDocument();
  const link = screen.getByRole("link", { name: "View trend" });
  expect(link).toHaveAttribute("href", "/trends?point=1.power&point=1.state&range=1h");
  expect(within(await row(/Serial number/)).queryByRole("button")).not.toBeInTheDocument();
});

test("the header says where the device is and what is wrong with it", async () => {
  const page = renderPage("/devices/1", answers());
  await row(/Active power/);
  await page.send(latest([], { status: "error", error: "illegal data address" }));
  const header = screen.getAllByRole("banner").at(-1) ?? document.body;
  expect(document.body).toHaveTextContent("tcp://127.0.0.1:15021");
  expect(document.body).toHaveTextContent("illegal data address");
  expect(header).toBeInTheDocument();
  expect(screen.getByText("Error")).toBeInTheDocument();
});

test("the stream is of this device alone, with all its points", async () => {
  const page = renderPage("/devices/1", answers());
  await row(/Active power/);
  expect(page.sources.last().url).toBe("/api/devices/stream?device_id=1&values=all&interval_s=1");
});
