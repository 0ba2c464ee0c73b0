import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";

/** The link that a server prints which nobody owns yet. */
const LINK = process.env["STRIPCHART_SETUP_URL"];

test("the first who comes with the link makes the owner, and finds what to do next", async ({ page }) => {
  test.skip(LINK === undefined, "needs a server without an owner: STRIPCHART_SETUP_URL");
  await page.goto(LINK ?? "");
  await expect(page.getByRole("heading", { name: "Create the owner account" })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByLabel("Username").fill("olga");
  await page.getByLabel("Password", { exact: true }).fill("Turbine-hall-7");
  await page.getByLabel("Repeat password").fill("Turbine-hall-8");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("alert")).toContainText("do not match");
  await page.getByLabel("Repeat password").fill("Turbine-hall-7");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(page.getByRole("heading", { name: "No devices yet" })).toBeVisible();
  await page.getByRole("link", { name: "Add the first device" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Add device" })).toBeVisible();
});
