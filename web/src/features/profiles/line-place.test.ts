import { expect, test } from "vitest";
import { linePlace } from "./line-place.ts";

test("a line is found by its number, and numbers beyond the text lead to its ends", () => {
  expect(linePlace("ab\n\ncde", 3)).toEqual({ start: 4, end: 7 });
  expect(linePlace("ab\n\ncde", 2)).toEqual({ start: 3, end: 3 });
  expect(linePlace("ab\n\ncde", 0)).toEqual({ start: 0, end: 2 });
  expect(linePlace("ab\n\ncde", 9)).toEqual({ start: 4, end: 7 });
});
