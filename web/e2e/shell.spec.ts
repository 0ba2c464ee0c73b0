import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { test } from "./visitor.ts";

const connection = (page: Page) => page.locator("header").getByRole("status");

async function faultsOf(page: Page, part = "body"): Promise<string[]> {
  const report = await new AxeBuilder({ page })
    .include(part)
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  return report.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
}

async function chooseLanguage(page: Page, from: string, to: string) {
  await page.getByRole("button", { name: from }).click();
  await page.getByRole("menuitem", { name: to }).click();
}

test("the page speaks Chinese and Russian, and remembers", async ({ page }) => {
  await page.goto("/");
  await chooseLanguage(page, "Language", "中文");
  await expect(page.getByRole("heading", { level: 1, name: "总览" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-Hans");
  await chooseLanguage(page, "语言", "Русский");
  await expect(page.getByRole("heading", { level: 1, name: "Обзор" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Обзор" })).toBeVisible();
});

test("dark can be chosen, and the next load starts dark", async ({ page }) => {
  await page.goto("/");
  const html = page.locator("html");
  await page.getByRole("button", { name: "Appearance" }).click();
  await page.getByRole("menuitem", { name: "Dark" }).click();
  await expect(html).toHaveAttribute("data-mantine-color-scheme", "dark");
  await page.reload({ waitUntil: "commit" });
  await expect(html).toHaveAttribute("data-mantine-color-scheme", "dark");
});

test("a lost server is said at once, the page comes back by itself, and says when the server was upgraded", async ({
  page,
  wire,
}) => {
  await page.goto(wire.origin);
  await expect(connection(page)).toContainText("Live");
  const tile = page.locator("article[data-status=online]").first();
  await expect(tile.locator("dd").first()).toContainText(/\d+s/);
  await wire.cut();
  await expect(connection(page)).toContainText(/Reconnecting|Connection lost/);
  await expect(page.getByText(/No connection to the server since/)).toBeVisible();
  await expect(tile).toContainText("Stale");
  const start = (url: URL) => url.pathname === "/";
  const newer = '<!doctype html><script type="module" src="/assets/index-newer.js"></script>';
  await page.route(start, (route) => route.fulfill({ contentType: "text/html", body: newer }));
  await wire.mend();
  await expect(connection(page)).toContainText("Live");
  await expect(page.getByText(/No connection to the server since/)).toBeHidden();
  const upgrade = page.getByRole("region", { name: "Upgrade" });
  await expect(upgrade).toContainText("upgraded while this page was open");
  expect(await faultsOf(page)).toEqual([]);
  await page.unroute(start);
  await upgrade.getByRole("button", { name: "Reload page" }).click();
  await expect(tile.locator("dd").first()).toContainText(/\d+s/);
  await expect(upgrade).toBeHidden();
});

test("a server that falls silent is not taken for one that has nothing to say", async ({ page, wire }) => {
  await page.goto(wire.origin);
  const tile = page.locator("article[data-status=online]").first();
  await expect(tile.locator("dd").first()).toContainText(/\d+s/);
  wire.fallSilent();
  await expect(connection(page)).toContainText(/Reconnecting|Connection lost/);
  await expect(tile).toContainText("Stale");
  await wire.mend();
  await expect(connection(page)).toContainText("Live");
  await expect(tile).not.toContainText("Stale");
});

const PAGES = [
  "/",
  "/devices/1",
  "/trends",
  "/no/such/page",
  "/account",
  "/users",
  "/sites",
  "/groups",
  "/trend-logs",
  "/audit",
  "/configuration",
  "/backups",
  "/profiles",
  "/profiles/eastron-sdm630",
  "/profiles/new",
  "/health",
  "/notifications",
  "/devices/new",
  "/devices/1/edit",
  "/devices/1?tab=health",
  "/devices/1?tab=controls",
  "/wall",
];

test("no page has a fault that axe can find, light or dark, and none is wider than its screen", async ({ page }) => {
  test.setTimeout(600_000);
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const path of PAGES) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(path);
    await expect(page.locator("main h1, main h2").first()).toBeVisible();
    await page.emulateMedia({ colorScheme: "light" });
    expect.soft(await faultsOf(page), path).toEqual([]);
    // What a page is made of is the same in the dark: there the colours are the question.
    await page.emulateMedia({ colorScheme: "dark" });
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
    const dark = await new AxeBuilder({ page }).withRules(["color-contrast"]).analyze();
    expect
      .soft(
        dark.violations.map(({ nodes }) => nodes.map((node) => node.html)),
        `${path} dark`,
      )
      .toEqual([]);
    for (const width of [390, 1280, 1920]) {
      await page.setViewportSize({ width, height: 844 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect.soft(overflow, `${path} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
});

test("the trend and its picker have no fault that axe can find", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("/devices/1");
  await page
    .getByRole("button", { name: /^Add .* to the trend$/ })
    .first()
    .click();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole("link", { name: "View trend" }).click();
  await expect(page.locator("main canvas").first()).toBeVisible();
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole("button", { name: "Add points" }).click();
  await expect(page.getByRole("checkbox").first()).toBeVisible();
  expect(await faultsOf(page)).toEqual([]);
});

/** What is opened by a button has no fault, and gives the focus back to it when Escape closes it. */
async function opensWell(page: Page, name: string | RegExp, role: "dialog" | "menu") {
  const opener = page.getByRole("button", { name }).first();
  await opener.click();
  await expect(page.getByRole(role)).toBeVisible();
  expect.soft(await faultsOf(page, `[role=${role}]`), `${page.url()} ${name}`).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(page.getByRole(role)).toBeHidden();
  await expect(opener).toBeFocused();
}

test("menus, dialogs, choices and the editor with a mistake have no fault, and give the focus back", async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("/");
  await opensWell(page, "Account", "menu");
  await opensWell(page, /notification/i, "dialog");
  await page.goto("/sites");
  await opensWell(page, "Add site", "dialog");
  await page.goto("/devices/2?tab=controls");
  await opensWell(page, "Auto mode", "dialog");
  await page.goto("/devices/new");
  await page.getByRole("combobox", { name: "Profile" }).click();
  await expect(page.getByRole("option").first()).toBeVisible();
  expect.soft(await faultsOf(page, "[role=listbox]"), "choices").toEqual([]);
  await page.goto("/profiles/new");
  const editor = page.getByRole("textbox", { name: "Profile (YAML)" });
  await editor.fill((await editor.inputValue()).replace("type: int16", "typ: int16"));
  await expect(page.getByRole("button", { name: "Line 7" })).toBeVisible();
  expect.soft(await faultsOf(page, "main"), "a mistake").toEqual([]);
});

test("the first key leads past the head of the page, and into its content", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("article").first()).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.locator("main :focus")).toBeVisible();
});

test("no message of the browser complains", async ({ page }) => {
  const complaints: string[] = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto("/");
  await expect(connection(page)).toContainText("Live");
  await page.getByRole("link", { name: "Trends" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Trends" })).toBeVisible();
  expect(complaints).toEqual([]);
});
