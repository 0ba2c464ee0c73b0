import { renderHook } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, expect, test } from "vitest";
import { ApiError, type FieldError, UnreachableError } from "@/api/errors.ts";
import { useWords } from "@/i18n/use-words.ts";
import { errorWords } from "./error-words.ts";

afterEach(() => i18next.changeLanguage("en"));

const told = (error: unknown) => errorWords(error, renderHook(() => useWords()).result.current);
const LOW: FieldError = { field: "interval_s", message: "too low", code: "least", facts: { bound: 1 } };
const ODD: FieldError = { field: "x", message: "odd", code: "other", facts: {} };

test("an error is told by its code, in the reader's language", async () => {
  expect(told(new ApiError(409, "in_use", "site A has 2 device(s)", [], { devices: 2 }))).toMatch(/devices: 2/);
  const away = { cause: "as the driver says it", cause_code: "connection_refused" };
  expect(told(new ApiError(503, "out_of_reach", "as the driver says it", [], away))).toMatch(
    /: connection refused\.$/,
  );
  const busy = { cause: "wait for it", cause_code: "backup_under_way" };
  expect(told(new ApiError(409, "backup_refused", "wait for it", [], busy))).toBe(
    "No backup was started: another backup is in progress.",
  );
  const noPort = { cause: "all in use", cause_code: "ports_in_use", low: 4321, high: 4329 };
  expect(told(new ApiError(503, "discovery_failed", "all in use", [], noPort))).toMatch(/UDP ports 4321 to 4329/);
  await i18next.changeLanguage("zh");
  expect(told(new ApiError(409, "disabled", "G1 is disabled; enable it first"))).toBe("设备已停用。");
  expect(told(new ApiError(409, "busy", "8 orders wait already"))).toMatch(/^该设备先前的命令/);
  expect(told(new ApiError(403, "forbidden", "your role is read_only"))).toBe("您的角色无权执行此操作。");
  expect(told(new UnreachableError(null))).toMatch(/^服务器无响应/);
});

test("an error about fields names each in the reader's language", async () => {
  await i18next.changeLanguage("ru");
  expect(told(new ApiError(422, "invalid_value", "too low", [LOW]))).toMatch(
    /^Период.*: Не меньше 1\.$|: Не меньше 1\.$/,
  );
});

test("what has no code is told as the server says it", () => {
  expect(told(new ApiError(422, "invalid_value", "odd", [LOW, ODD]))).toBe("The server returned an error: odd");
  expect(told(new ApiError(409, "in_use", "changed by someone else"))).toMatch(/changed by someone else$/);
  expect(told(new ApiError(502, "http_502", ""))).toBe(
    "Not Stripchart but a server in front of it answered: HTTP 502.",
  );
  expect(told(new TypeError("bug"))).toBe("Unexpected error: bug");
});
