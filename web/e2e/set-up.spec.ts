import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";

/** The link that a server prints which nobody owns yet. */
const LINK = process.env["STRIPCHART_SETUP_URL"];

test("the first who comes with the link makes the owner, and finds what to do next", async ({ page }) => {
  test.skip(LINK === undefined, "needs a server without an owner: STRIPCHART_SETUP_URL");
  await page.goto(LINK ?? "");
  await expect(page.getByRole("heading", { name: "Make the owner" })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByLabel("User name").fill("olga");
  await page.getByLabel("Password", { exact: true }).fill("Turbine-hall-7");
  await page.getByLabel("Password again").fill("Turbine-hall-8");
  await page.getByRole("button", { name: "Make the owner" }).click();
  await expect(page.getByRole("alert")).toContainText("differ");
  await page.getByLabel("Password again").fill("Turbine-hall-7");
  await page.getByRole("button", { name: "Make the owner" }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole("heading", { name: "No devices yet" })).toBeVisible();
  await page.getByRole("link", { name: "Add the first device" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Add a device" })).toBeVisible();
});
