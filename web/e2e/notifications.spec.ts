import { expect } from "@playwright/test";
import { test } from "./visitor.ts";

interface DeviceFact {
  id: number;
  name: string;
  link: string;
}

test("a device goes offline and comes back: its tile, the bell and the list say so", async ({ page, request }) => {
  test.setTimeout(240_000);
  const devices = (await (await request.get("/api/devices")).json()) as DeviceFact[];
  const device = devices.find(({ name }) => name === "Tank temperature");
  if (!device) throw new Error("the demo has no tank");
  const point = (link: string) => request.put(`/api/devices/${device.id}`, { data: { link } });
  await page.goto("/");
  const tile = page.getByRole("article", { name: device.name });
  await expect(tile).toContainText("Normal");
  await point("tcp://127.0.0.1:9");
  try {
    await expect(tile).toContainText("Offline", { timeout: 60_000 });
    await page.getByRole("button", { name: /^Offline/ }).click();
    await expect(tile).toBeVisible();
    await page.getByRole("button", { name: /^(Notifications|\d+ unread)/ }).click();
    await expect(page.getByRole("dialog").getByText("Tank temperature is not responding")).toBeVisible({
      timeout: 90_000,
    });
    await expect(page.getByRole("button", { name: /unread notification/ })).toBeVisible();
  } finally {
    await point(device.link);
  }
  await page.getByRole("dialog").getByRole("link", { name: "All notifications" }).click();
  await expect(page.getByRole("link", { name: "Tank temperature is responding again" })).toBeVisible({
    timeout: 60_000,
  });
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await expect(page.getByRole("button", { name: "Notifications", exact: true })).toBeVisible();

  const { points } = (await (await request.get(`/api/devices/${device.id}`)).json()) as { points: { key: string }[] };
  await page.goto(`/trends?point=${device.id}.${points[0]?.key}&range=15m`);
  const past = page.getByRole("region", { name: "Alarm and offline periods" });
  await expect(past.getByRole("listitem").filter({ hasText: "no data" }).first()).toContainText(device.name);
  await past.getByRole("button").first().click();
  await expect(page).toHaveURL(/range=\d+T\d+Z/);
});

test("a profile with a mistake says where, and is saved without it", async ({ page, request }) => {
  await page.goto("/profiles/new");
  const editor = page.getByRole("textbox", { name: "Profile (YAML)" });
  const good = (await editor.inputValue()).replace("my-device", "journey");
  await editor.fill(good.replace("type: int16", "typ: int16"));
  await page.getByRole("button", { name: "Line 7" }).click();
  await expect(page.getByText("points.temperature.typ")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save" })).toBeDisabled();
  await editor.fill(good);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "journey" })).toBeVisible();
  expect((await request.delete("/api/profiles/files/journey")).status()).toBe(204);
});
