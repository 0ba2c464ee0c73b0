import { expect, test } from "vitest";
import { parseCsv } from "./csv.ts";

test.each([
  ["commas", "a,b\n1,2\n"],
  ["semicolons", "a;b\r\n1;2"],
  ["tabs", "\uFEFFa\tb\n\n1\t2\n"],
])("rows of %s are told apart, empty rows left out", (_, text) => {
  expect(parseCsv(text)).toEqual([
    ["a", "b"],
    ["1", "2"],
  ]);
});

test("a quoted cell holds delimiters, line breaks and quotes", () => {
  expect(parseCsv('name,unit\n"Flow, ""main""\nline",m³/h\n')).toEqual([
    ["name", "unit"],
    ['Flow, "main"\nline', "m³/h"],
  ]);
});

test("empty cells stay empty, at the end too", () => {
  expect(parseCsv("a,b,c\n,2,")).toEqual([
    ["a", "b", "c"],
    ["", "2", ""],
  ]);
  expect(parseCsv("")).toEqual([]);
});
