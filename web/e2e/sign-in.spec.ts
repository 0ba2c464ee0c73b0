import AxeBuilder from "@axe-core/playwright";
import { expect, test as stranger } from "@playwright/test";
import { SECRET, test } from "./visitor.ts";

stranger("the link of the demo signs in, and does not stay in the address", async ({ page }) => {
  await page.goto(`/welcome#${SECRET}`);
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await expect(page).toHaveURL(/\/$/);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
});

stranger("a stranger sees nothing but the way in, in each language", async ({ page }) => {
  await page.goto("/trends");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.getByRole("navigation")).toHaveCount(0);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByLabel("Username").fill("nobody");
  await page.getByLabel("Password", { exact: true }).fill("Turbine7");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toContainText("Incorrect username or password.");
  await page.getByRole("button", { name: "Language" }).click();
  await page.getByRole("menuitem", { name: "Русский" }).click();
  await expect(page.getByRole("heading", { name: "Вход" })).toBeVisible();
});

test("signing out ends the session in every tab", async ({ page, context }) => {
  await page.goto("/");
  await expect(page.getByRole("article").first()).toBeVisible();
  const other = await context.newPage();
  await other.goto("/");
  await expect(other.getByRole("article").first()).toBeVisible();
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible({ timeout: 30_000 });
});
