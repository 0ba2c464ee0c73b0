import { expect, test } from "vitest";
import { parseCsv } from "./csv.ts";

const cellsOf = (text: string) => parseCsv(text).map(({ cells }) => cells);

test.each([
  ["commas", "a,b\n1,2\n"],
  ["semicolons", "a;b\r\n1;2"],
  ["tabs", "\uFEFFa\tb\n\n1\t2\n"],
])("rows of %s are told apart, empty rows left out", (_, text) => {
  expect(cellsOf(text)).toEqual([
    ["a", "b"],
    ["1", "2"],
  ]);
});

test("a quoted cell holds delimiters, line breaks and quotes", () => {
  expect(cellsOf('name,unit\n"Flow, ""main""\nline",m³/h\n')).toEqual([
    ["name", "unit"],
    ['Flow, "main"\nline', "m³/h"],
  ]);
});

test("empty cells stay empty, at the end too", () => {
  expect(cellsOf("a,b,c\n,2,")).toEqual([
    ["a", "b", "c"],
    ["", "2", ""],
  ]);
  expect(cellsOf("")).toEqual([]);
});

test("each row knows its line, also behind empty lines and cells of several lines", () => {
  expect(parseCsv('a,b\n\n"x\ny",1\nz,2').map(({ line }) => line)).toEqual([1, 3, 5]);
});

test("a quote where none can be spoils its own line, which is said, and no other", () => {
  const rows = parseCsv('a,b\n"5" inch,1\nz,2\n"open,3\nlast,4\n');
  expect(rows.map(({ line, isBroken }) => [line, isBroken])).toEqual([
    [1, false],
    [2, true],
    [3, false],
    [4, true],
    [5, false],
  ]);
  expect(rows[2]?.cells).toEqual(["z", "2"]);
});
