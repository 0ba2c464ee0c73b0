import { expect, type Page } from "@playwright/test";
import { as } from "./somebody.ts";
import { test } from "./visitor.ts";

/** The pages of settings that the list beside them leads to. */
async function settingsOf(page: Page): Promise<string[]> {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
  const links = page.getByRole("navigation", { name: "Settings" }).getByRole("link");
  await expect(links.first()).toBeVisible();
  return links.allInnerTexts();
}

/** What stands on a page that is typed into the address by somebody who has nothing to do there. */
async function expectRefused(page: Page, paths: readonly string[]) {
  for (const path of paths) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "No access" }), path).toBeVisible();
    await expect(page.getByRole("link", { name: "Go to overview" }), path).toBeVisible();
  }
}

/** What the page itself is answered when it asks the server on behalf of who is signed in. */
function answered(page: Page, method: string, path: string): Promise<number> {
  return page.evaluate(
    async ([method, path]) => {
      const { access_token } = await (await fetch("/api/auth/refresh", { method: "POST" })).json();
      const headers = { Authorization: `Bearer ${access_token}`, "Content-Type": "application/json" };
      return (await fetch(path ?? "", { method: method ?? "", headers, ...(method === "POST" && { body: "{}" }) }))
        .status;
    },
    [method, path],
  );
}

test("the owner finds every page of settings in the head of the page, and what only the owner does", async ({
  page,
}) => {
  await page.goto("/");
  expect(await settingsOf(page)).toEqual([
    "Sites",
    "Groups",
    "Trend logs",
    "Profiles",
    "Account",
    "Users",
    "Audit log",
    "System health",
    "Configuration",
    "Backups",
  ]);
  const list = page.getByRole("navigation", { name: "Settings" });
  for (const [name, deed] of [
    ["Users", "Add user"],
    ["Audit log", "Export CSV"],
    ["Configuration", "Save"],
    ["Backups", "Back up now"],
  ] as const) {
    await list.getByRole("link", { name, exact: true }).click();
    await expect(page.getByRole("button", { name: deed })).toBeVisible();
  }
  await expect(page.getByRole("navigation", { name: "Main" }).locator("[aria-current]")).toHaveText("Settings");
});

test("an administrator changes the plant, sees users and the configuration, and no audit", async ({
  request,
  browser,
}) => {
  const { page, leave } = await as({ request, browser }, "admin", "en");
  await expect(page.getByRole("link", { name: "Add device" })).toBeVisible();
  expect(await settingsOf(page)).not.toContain("Audit log");
  await expect(page.getByRole("button", { name: "Add site" })).toBeVisible();
  await page.getByRole("link", { name: "Users" }).click();
  await expect(page.getByText("Only the owner can add and delete users.")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Delete user/ })).toHaveCount(0);
  await page.getByRole("link", { name: "Configuration" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Configuration" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
  await page.getByRole("link", { name: "Backups" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Backups" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Back up now" })).toHaveCount(0);
  await expectRefused(page, ["/audit"]);
  expect(await answered(page, "GET", "/api/audit")).toBe(403);
  expect(await answered(page, "POST", "/api/system/backup")).toBe(403);
  await leave();
});

test("who only looks sees all values, is led to no form, and is told so at an address that is typed", async ({
  request,
  browser,
}) => {
  const { page, leave } = await as({ request, browser }, "read_only", "en");
  await expect(page.getByRole("article").first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Add device" })).toHaveCount(0);
  expect(await settingsOf(page)).toEqual([
    "Groups",
    "Trend logs",
    "Profiles",
    "Account",
    "System health",
    "Configuration",
  ]);
  await expect(page).toHaveURL(/\/groups$/);
  await expect(page.locator("main").getByRole("button", { name: /^(Add|Edit|Delete)/ })).toHaveCount(0);
  await page.goto("/devices/2?tab=controls");
  await expect(page.getByText("Only administrators and the owner can control devices.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Auto mode" })).toBeDisabled();
  await expect(page.locator("main").getByRole("link", { name: "Edit" })).toHaveCount(0);
  await expectRefused(page, ["/devices/1/edit", "/sites", "/backups"]);
  expect(await answered(page, "POST", "/api/sites")).toBe(403);
  expect(await answered(page, "DELETE", "/api/devices/1")).toBe(403);
  expect(await answered(page, "GET", "/api/users")).toBe(403);
  await leave();
});

test("who only looks is refused in the own language, too", async ({ request, browser }) => {
  const { page, leave } = await as({ request, browser }, "read_only", "ru");
  await expect(page.getByRole("heading", { level: 1, name: "Обзор" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Добавить устройство" })).toHaveCount(0);
  await page.getByRole("button", { name: "Учётная запись" }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Учётная запись", "Настройки", "Настенный экран", "Выйти"]);
  await page.goto("/devices/new");
  await expect(page.getByRole("heading", { name: "Нет доступа" })).toBeVisible();
  await leave();
});

test("on a phone the settings are in the account's menu, and their list unfolds", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/");
  await page.getByRole("button", { name: "Account" }).click();
  await page.getByRole("menuitem", { name: "Settings" }).click();
  const turn = page.getByRole("button", { name: "Settings Sites" });
  await turn.click();
  await expect(turn).toHaveAttribute("aria-expanded", "true");
  await page.getByRole("link", { name: "Trend logs" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Trend logs" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Backups" })).toBeHidden();
});

test("the token of a screen shows the wall, leads nowhere else, and is no key to the rest", async ({
  browser,
  request,
  playwright,
  baseURL,
}) => {
  const data = { name: "Wall", kind: "display", days: 1 };
  const { id, token } = (await (await request.post("/api/tokens", { data })).json()) as { id: number; token: string };
  const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`/wall#${token}`);
  await expect(page.getByRole("article").first()).toBeVisible();
  await expect(page.locator("article dd").first()).toContainText(/\d+s/);
  await expect(page.getByRole("navigation")).toHaveCount(0);
  for (const path of [`/users#${token}`, "/"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "Sign in" }), path).toBeVisible();
  }
  const screen = await playwright.request.newContext({
    ...(baseURL && { baseURL }),
    extraHTTPHeaders: { Authorization: `Bearer ${token}` },
  });
  expect((await screen.get("/api/devices")).status()).toBe(200);
  for (const path of ["/api/users", "/api/audit", "/api/system/backups"])
    expect((await screen.get(path)).status(), path).toBe(403);
  expect((await screen.post("/api/groups", { data: { name: "X", device_ids: [] } })).status()).toBe(403);
  await screen.dispose();
  await context.close();
  await request.delete(`/api/tokens/${id}`);
});
