import { expect, test } from "vitest";
import { formatBytes } from "./bytes.ts";

test.each([
  [0, "0 byte"],
  [999, "999 byte"],
  [2_042_612, "2 MB"],
  [73_601_224_704, "73.6 GB"],
  [5e18, "5,000 PB"],
])("%d bytes are %s", (bytes, words) => {
  expect(formatBytes(bytes, "en")).toBe(words);
});
