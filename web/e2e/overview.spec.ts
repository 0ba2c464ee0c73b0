import { expect } from "@playwright/test";
import { test } from "./visitor.ts";

interface DeviceFact {
  id: number;
  name: string;
}

test("the overview shows every device of both sites", async ({ page, request }) => {
  const devices = (await (await request.get("/api/devices")).json()) as DeviceFact[];
  await page.goto("/");
  for (const code of ["MKZ", "YKZ"]) await expect(page.getByRole("region", { name: code })).toBeVisible();
  for (const name of ["G1", "G2", "G3", "G4"])
    await expect(page.getByRole("article", { name, exact: true })).toBeVisible();
  await expect(page.getByRole("article")).toHaveCount(devices.length);
});

test("every tile of a device that answers has a value with its age", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("status", { name: "Server connection" })).toContainText("Live");
  const online = page.locator("article[data-status=online]");
  await expect(online.first()).toBeVisible();
  for (const tile of await online.all()) {
    // Tiles far from view are not drawn.
    await tile.scrollIntoViewIfNeeded();
    await expect(tile.locator("dd").first()).toContainText(/\d+s/);
  }
});

test("a value on the overview changes by itself", async ({ page }) => {
  await page.goto("/");
  const values = page.locator("article[data-status=online] dd");
  await expect(values.first()).toBeVisible();
  await expect(page.getByRole("status", { name: "Server connection" })).toContainText("Live");
  const numbers = async () => (await values.allInnerTexts()).map((text) => text.split("\n")[0]).join("|");
  const before = await numbers();
  await expect.poll(numbers, { timeout: 20_000 }).not.toBe(before);
});

test("the filter is in the address and survives a reload", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("searchbox", { name: "Filter devices" }).fill("G1");
  await expect(page).toHaveURL(/\?q=G1/);
  await expect(page.getByRole("article", { name: "G1", exact: true })).toBeVisible();
  await expect(page.getByRole("article", { name: "G4", exact: true })).toBeHidden();
  await page.reload();
  await expect(page.getByRole("article", { name: "G4", exact: true })).toBeHidden();
  await page.getByRole("searchbox", { name: "Filter devices" }).fill("no such device");
  await page.locator("main").getByRole("button", { name: "Show all" }).last().click();
  await expect(page.getByRole("article", { name: "G4", exact: true })).toBeVisible();
});
