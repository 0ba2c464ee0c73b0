import { expect, type Page } from "@playwright/test";
import { test } from "./visitor.ts";

async function openG1(page: Page) {
  await page.goto("/");
  await page.getByRole("link", { name: "G1", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "G1" })).toBeVisible();
}

async function openTrend(page: Page) {
  await openG1(page);
  await page
    .getByRole("button", { name: /^Add .* to the trend$/ })
    .first()
    .click();
  await page.getByRole("link", { name: "View trend" }).click();
  await expect(page.locator("main canvas").first()).toBeVisible();
}

test("a device page shows its points live, with address and quality", async ({ page }) => {
  await openG1(page);
  const rows = page.locator("tbody tr");
  await expect(rows.first()).toContainText(/Good|No reading|Stale|Uncertain/);
  await expect(rows.first().locator("td").nth(4)).toContainText(/\d{5,6}/);
  expect(await rows.count()).toBeGreaterThan(10);
  const all = await rows.count();
  await page.getByRole("searchbox", { name: "Search points" }).fill("freq");
  await expect.poll(() => rows.count()).toBeLessThan(all);
});

test("a genset is drawn with its breakers and gauges, and its link has a plan and frames", async ({ page }) => {
  await openG1(page);
  const picture = page.getByRole("region", { name: "Single-line diagram" });
  await expect(picture.getByRole("list", { name: "Gauges" })).toContainText(/kW/);
  await expect(picture.locator("figure li").first()).toContainText(/Mains: (live|dead), breaker/);
  await page.getByRole("link", { name: "Communication" }).click();
  await expect(page.getByRole("region", { name: "Read plan" })).toContainText(/holding \d+–\d+/);
  await expect(page.getByRole("table", { name: "Recent frames" })).toContainText(/unit 1: read holding registers/);
});

test("a command is confirmed, done, and put down", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("link", { name: "G4", exact: true }).click();
  await page.getByRole("link", { name: "Control" }).click();
  await page.getByRole("button", { name: "Auto mode" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Auto mode" }).click();
  await expect(page.getByText("Auto mode: done, confirmed by read-back")).toBeVisible();
  await expect(page.getByRole("table", { name: "Recent commands" })).toContainText("Auto mode");
});

test("a device that does not exist has a page that says so", async ({ page }) => {
  await page.goto("/devices/999999");
  await expect(page.getByRole("heading", { name: "Device 999999 not found" })).toBeVisible();
  await page.getByRole("link", { name: "Go to overview" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
});

test("a point is drawn and the address can be sent to someone else", async ({ page, context }) => {
  await openTrend(page);
  await expect(page).toHaveURL(/\/trends\?point=\d+\.\w+&range=1h/);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(other.locator("main canvas").first()).toBeVisible();
  await expect(other.getByRole("table", { name: "Statistics of this range" })).toContainText("G1");
});

test("dragging over the chart zooms in and asks for finer columns", async ({ page }) => {
  await openTrend(page);
  const box = await page.locator("main canvas").first().boundingBox();
  if (!box) throw new Error("the chart has no size");
  const finer = page.waitForRequest((request) => request.url().includes("/api/trend"));
  await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2, { steps: 5 });
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/range=\d{8}T\d{6}Z\.\.\d{8}T\d{6}Z/);
  const query = new URL((await finer).url()).searchParams;
  expect(Number(query.get("buckets"))).toBeGreaterThan(300);
  await page.goBack();
  await expect(page).toHaveURL(/range=1h/);
});

test("the wheel and the keys zoom too, and the way back to now is one click", async ({ page }) => {
  await openTrend(page);
  await page.getByRole("img", { name: /^Trend of/ }).hover();
  await page.mouse.wheel(0, -300);
  await expect(page).toHaveURL(/range=\d{8}T/);
  await page.getByRole("button", { name: "Go live" }).click();
  await expect(page).toHaveURL(/range=(15m|1h)/);
  await page.getByRole("img", { name: /^Trend of/ }).focus();
  await page.keyboard.press("+");
  await expect(page).toHaveURL(/range=\d{8}T/);
});

test("a trend is compared with the day before, and goes out as a table and a picture", async ({ page }) => {
  await openTrend(page);
  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByRole("menuitemradio", { name: "vs previous day" }).click();
  await expect(page.getByRole("table", { name: "Statistics of this range" })).toContainText(/earlier/);
  for (const [item, name] of [
    ["Raw samples (CSV)", /\.csv$/],
    ["Image (PNG)", /\.png$/],
  ] as const) {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByRole("menuitem", { name: item }).click();
    expect((await download).suggestedFilename()).toMatch(name);
  }
});

test("points are added from the picker", async ({ page }) => {
  await page.goto("/trends");
  await expect(page.getByRole("heading", { name: "No points selected" })).toBeVisible();
  await page.getByRole("button", { name: "Add points" }).first().click();
  const dialog = page.getByRole("dialog");
  for (const index of [0, 1]) {
    await dialog.getByRole("checkbox").nth(index).click();
    await expect(dialog.getByRole("checkbox").nth(index)).toBeChecked();
  }
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("table", { name: "Statistics of this range" }).locator("tbody tr")).toHaveCount(2);
});
