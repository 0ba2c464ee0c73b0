import AxeBuilder from "@axe-core/playwright";
import { type APIRequestContext, expect } from "@playwright/test";
import { test } from "./visitor.ts";

interface DeviceFact {
  id: number;
  name: string;
  link: string;
}

async function deviceNamed(request: APIRequestContext, name: string): Promise<DeviceFact | undefined> {
  const devices = (await (await request.get("/api/devices")).json()) as DeviceFact[];
  return devices.find((device) => device.name === name);
}

test("a device is added by the wizard, shows its first values, and is deleted", async ({ page, request }) => {
  const link = new URL((await deviceNamed(request, "G1"))?.link.replace("tcp:", "http:") ?? "");
  await page.goto("/");
  await page.getByRole("link", { name: "Add device" }).click();
  await page.getByRole("combobox", { name: "Profile" }).fill("hgm9520");
  await page.getByRole("option").first().click();
  await page.getByRole("combobox", { name: "Site" }).fill("MKZ");
  await page.getByRole("option", { name: /MKZ/ }).click();
  await page.getByLabel("Name", { exact: true }).fill("Twin of G1");
  await page.getByLabel("Host or IP address").fill(link.hostname);
  await page.getByLabel("Port").fill("99999");
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByText(/Allowed: 1 to 65535/)).toBeVisible();
  await page.getByLabel("Port").fill(link.port);
  await page.getByLabel("Poll interval (seconds)").fill("30");
  await page.getByRole("button", { name: "Read now" }).click();
  // Whether it runs is the plant's affair.
  await expect(page.getByRole("region", { name: "Test read" })).toContainText(
    /Generator state.*Fuel level\s*\d+ ?%/s,
  );
  await page.getByRole("button", { name: "Check" }).click();
  await expect(page.getByRole("heading", { name: "Feasibility check" })).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Twin of G1" })).toBeVisible();
  await expect(page.getByRole("row", { name: /Generator state/ }).first()).toContainText("Good");

  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("radio", { name: "Delete permanently" }).check();
  expect((await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa"]).analyze()).violations).toEqual([]);
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  expect(await deviceNamed(request, "Twin of G1")).toBeUndefined();
});

test("a token is shown once, lets a program in, and nothing after it was deleted", async ({
  page,
  playwright,
  baseURL,
}) => {
  await page.goto("/account");
  await page.getByRole("button", { name: "Create token" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("Journey");
  await dialog.getByRole("button", { name: "Create token" }).click();
  const token = await page.getByRole("textbox", { name: "Journey" }).inputValue();
  const program = await playwright.request.newContext({
    ...(baseURL && { baseURL }),
    extraHTTPHeaders: { Authorization: `Bearer ${token}` },
  });
  expect((await program.get("/api/devices")).status()).toBe(200);
  expect((await program.post("/api/sites", { data: { code: "X", name: "X" } })).status()).toBe(403);
  await page.getByRole("button", { name: "Delete token Journey" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("button", { name: "Delete token Journey" })).toHaveCount(0);
  expect((await program.get("/api/devices")).status()).toBe(401);
  await program.dispose();
});

test("times are told on the clocks that the account chose, and the page says which", async ({ page, request }) => {
  await page.goto("/account");
  const zone = page.getByRole("combobox", { name: "Time zone" });
  await zone.fill("Asia/Kathmandu");
  await zone.press("Escape");
  try {
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Saved", { exact: true })).toBeVisible();
    await page.goto("/audit");
    await expect(page.getByText("Times are in the time zone Asia/Kathmandu.")).toBeVisible();
    await page.goto("/trends?point=1.power_total&range=yesterday");
    await expect(page.getByText("Asia/Kathmandu", { exact: true })).toBeVisible();
    await expect(page.getByText(/00:00:00\s–\s.*00:00:00/)).toBeVisible();
  } finally {
    await request.put("/api/auth/me", { data: { zone: "" } });
  }
});
