import { renderHook } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, expect, test } from "vitest";
import type { Notification } from "@/api/types.ts";
import { useWords } from "@/i18n/use-words.ts";
import { notificationWords } from "./notification-words.ts";

afterEach(() => i18next.changeLanguage("en"));

const told = (given: Partial<Notification>) =>
  notificationWords(
    { title: "as the server says it", message: "as the server says it", ...given } as Notification,
    renderHook(() => useWords()).result.current,
    "UTC",
  );
const GONE = { device_name: "G1", status: "offline", last_reading_at: null, consecutive_failures: 3 };

test("why a device is gone is told by its code, without when it was to be asked again", () => {
  const cause = { cause_code: "connection_refused", cause_wait_s: 4.2 };
  const { text } = told({ type: "DEVICE_DISCONNECT", metadata: { ...GONE, ...cause } });
  expect(text).toBe("3 consecutive attempts failed: connection refused. No reading since start-up.");
});

test("the facts of the cause are told in the reader's language", async () => {
  await i18next.changeLanguage("zh");
  const cause = {
    cause_code: "exception",
    cause_exception: 4,
    cause_table: "holding",
    cause_first: 0,
    cause_last: 5,
  };
  const { text } = told({ type: "DEVICE_DISCONNECT", metadata: { ...GONE, ...cause } });
  expect(text).toMatch(/异常码 4，从站设备故障 \(保持寄存器 0–5\)/);
});

test("a notification from before causes had codes tells the attempts alone", () => {
  const { text } = told({ type: "DEVICE_DISCONNECT", metadata: GONE });
  expect(text).toBe("3 consecutive attempts failed. No reading since start-up.");
});

test("that backups fail is told in the reader's language, and what has no code as the server says it", async () => {
  await i18next.changeLanguage("ru");
  const fails = { code: "backups_fail", count: 3, reason: "disk full" };
  expect(told({ type: "SYSTEM_ALERT", metadata: fails }).title).toBe("Резервное копирование не удаётся");
  expect(told({ type: "SYSTEM_ALERT", metadata: fails }).text).toMatch(/disk full$/);
  const full = { ...fails, cause_code: "backup_folder_full", cause_folder: "/mnt/nas" };
  expect(told({ type: "SYSTEM_ALERT", metadata: full }).text).toMatch(/нет места.* \/mnt\/nas$/);
  expect(told({ type: "SYSTEM_ALERT", metadata: {} }).title).toBe("as the server says it");
});
