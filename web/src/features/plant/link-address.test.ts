import { expect, test } from "vitest";
import { composeLink, EMPTY_LINK, takeApart } from "./link-address.ts";

test.each([
  "tcp://192.168.1.10:502",
  "rtu_over_tcp://converter.plant:26",
  "udp://[fe80::1]:1502",
  "tls://10.0.0.5:802",
  "rtu:///dev/ttyUSB0",
  "ascii:///dev/ttyS1?baudrate=19200&bytesize=7&parity=E&stopbits=2",
])("%s is the same after it was taken apart and put together", (link) => {
  expect(composeLink(takeApart(link))).toBe(link);
});

test("a port that is left out is the usual one of the framing", () => {
  expect(composeLink({ ...EMPTY_LINK, host: " plc " })).toBe("tcp://plc:502");
  expect(composeLink({ ...EMPTY_LINK, framing: "tls", host: "plc" })).toBe("tls://plc:802");
});

test("an address of version 6 gets its brackets, once", () => {
  expect(composeLink({ ...EMPTY_LINK, host: "::1" })).toBe("tcp://[::1]:502");
  expect(composeLink({ ...EMPTY_LINK, host: "[::1]" })).toBe("tcp://[::1]:502");
});
