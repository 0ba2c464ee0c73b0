import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import i18next from "i18next";
import { expect, test } from "vitest";
import type { Notification } from "@/api/types.ts";
import { DETAIL } from "@/testing/plant.ts";
import { type Answer, renderPage } from "@/testing/render-page.tsx";

const GONE: Notification = {
  id: 5,
  type: "DEVICE_DISCONNECT",
  severity: "ERROR",
  title: "G1 does not answer",
  message: "G1 (tcp://10.0.0.5:502, unit 1): 3 attempts in a row failed: no answer.",
  device_id: 1,
  metadata: { device_name: "G1", status: "offline", consecutive_failures: 3, last_reading_at: null },
  created_at: "2026-11-21T02:00:00Z",
  delivered_at: null,
  read_at: null,
  dismissed_at: null,
};
const BACK: Notification = {
  ...GONE,
  id: 6,
  type: "DEVICE_RECONNECTED",
  severity: "INFO",
  metadata: { device_name: "G1", downtime_duration_seconds: 90 },
  read_at: "2026-11-21T03:00:00Z",
};
const DISK: Notification = {
  ...GONE,
  id: 7,
  type: "SYSTEM_ALERT",
  severity: "WARNING",
  title: "The disk is nearly full",
  message: "84 % used",
  device_id: null,
  metadata: {},
};

const answers = (...notifications: Notification[]) =>
  new Map<string, Answer>([
    [
      "/api/notifications",
      { body: { notifications, total: notifications.length, limit: 25, offset: 0, has_more: false } },
    ],
    [
      "/api/notifications/unread-count",
      { body: { unread_count: notifications.filter((one) => !one.read_at).length } },
    ],
    ["/api/notifications/stream", "never"],
    ["PUT /api/notifications/5/read", { body: { id: 5, read_at: "", message: "" } }],
    ["PUT /api/notifications/read-all", { body: { marked_as_read: 1, message: "" } }],
    ["DELETE /api/notifications/5", { body: { id: 5, dismissed_at: "", message: "" } }],
    ["/api/devices/1", { body: DETAIL }],
  ]);

test("each kind is told in the language of who reads it; what has no facts in the server's words", async () => {
  renderPage("/notifications", answers(BACK, GONE, DISK));
  const list = await screen.findByRole("list", { name: "Notifications" });
  expect(list).toHaveTextContent("G1 is responding again");
  expect(list).toHaveTextContent("No response for 1m 30s.");
  expect(list).toHaveTextContent("G1 is not responding");
  expect(list).toHaveTextContent("3 consecutive attempts failed. No reading since start-up.");
  expect(list).toHaveTextContent("The disk is nearly full");
  await i18next.changeLanguage("ru");
  expect(await screen.findByText("G1 не отвечает")).toBeInTheDocument();
  await i18next.changeLanguage("en");
});

test("the bell counts what is unread, and shows the newest", async () => {
  const page = renderPage("/no/such/page", answers(BACK, GONE));
  await userEvent.click(await screen.findByRole("button", { name: "1 unread notification" }));
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).getByText("unread")).toBeInTheDocument();
  await userEvent.click(within(dialog).getByRole("button", { name: "Mark as read: G1 is not responding" }));
  await waitFor(() => expect(page.sent).toMatchObject([{ method: "PUT", url: "/api/notifications/5/read" }]));
});

test("following one to its device marks it as read", async () => {
  const page = renderPage("/notifications", answers(GONE));
  await userEvent.click(await screen.findByRole("link", { name: "G1 is not responding" }));
  expect(page.router.state.location.pathname).toBe("/devices/1");
  await waitFor(() => expect(page.sent).toMatchObject([{ url: "/api/notifications/5/read" }]));
});

test("one can be put away, and all be read at once", async () => {
  const page = renderPage("/notifications", answers(GONE));
  await userEvent.click(await screen.findByRole("button", { name: "Dismiss: G1 is not responding" }));
  await userEvent.click(screen.getByRole("button", { name: "Mark all as read" }));
  await waitFor(() => expect(page.sent.map(({ method }) => method)).toEqual(["DELETE", "PUT"]));
});

test("the filter asks the server", async () => {
  const page = renderPage("/notifications", answers(GONE));
  await userEvent.click(await screen.findByRole("checkbox", { name: "Unread only" }));
  await waitFor(() => expect(page.asked.some((url) => url.includes("unread_only=true"))).toBe(true));
});

test("without any it says what will stand here", async () => {
  const given = answers();
  renderPage("/notifications", given);
  expect(await screen.findByRole("heading", { name: "No notifications" })).toBeInTheDocument();
});

test("a failure is said, with a way to try again", async () => {
  const given = answers(GONE);
  given.set("/api/notifications", "unreachable");
  renderPage("/notifications", given);
  expect(await screen.findByText(/The server is not responding/)).toBeInTheDocument();
  given.set("/api/notifications", {
    body: { notifications: [GONE], total: 1, limit: 25, offset: 0, has_more: false },
  });
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("G1 is not responding")).toBeInTheDocument();
});

test("a device that is critical is told in the language of the reader, with the point's own name", async () => {
  const facts = {
    device_name: "G1",
    key: "coolant",
    point_name: "Coolant temperature",
    point_name_ru: "Температура",
  };
  const metadata = { ...facts, value: 95.5, unit: "°C", bound: 90, side: "above" };
  await i18next.changeLanguage("ru");
  renderPage("/notifications", answers({ ...GONE, type: "DEVICE_CRITICAL", metadata }));
  expect(await screen.findByText("G1: авария, Температура")).toBeInTheDocument();
  expect(screen.getByText("95,5 °C — выше аварийного предела 90 °C.")).toBeInTheDocument();
  await i18next.changeLanguage("en");
});

test("a bell whose notifications cannot be had says so, and asks again", async () => {
  const given = answers(GONE).set("/api/notifications", "unreachable");
  renderPage("/no/such/page", given);
  await userEvent.click(await screen.findByRole("button", { name: "1 unread notification" }));
  const bell = await screen.findByRole("dialog");
  expect(await within(bell).findByText(/The server is not responding/)).toBeInTheDocument();
  given.set("/api/notifications", answers(GONE).get("/api/notifications") as Answer);
  await userEvent.click(within(bell).getByRole("button", { name: "Try again" }));
  expect(await within(bell).findByRole("link", { name: /G1/ })).toBeInTheDocument();
});

test("what cannot be marked as read is said to be so", async () => {
  const given = answers(GONE).set("PUT /api/notifications/read-all", "unreachable");
  renderPage("/notifications", given);
  await userEvent.click(await screen.findByRole("button", { name: "Mark all as read" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The server is not responding");
});
