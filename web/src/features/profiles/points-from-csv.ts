import { type CsvRow, parseCsv } from "@/lib/csv.ts";

/** Columns that become fields of a point, and whether they are numbers. */
const COLUMNS: Readonly<Record<string, "text" | "number" | "whole">> = {
  key: "text",
  name: "text",
  address: "whole",
  reference: "text",
  table: "text",
  type: "text",
  registers: "whole",
  bit: "whole",
  scale: "number",
  offset: "number",
  unit: "text",
  decimals: "whole",
  word_order: "text",
  byte_order: "text",
  group: "text",
  record: "text",
};

/** Other words for the same, as lists of points use them. */
const SYNONYMS: Readonly<Record<string, string>> = {
  register: "address",
  data_type: "type",
  datatype: "type",
  units: "unit",
  tag: "key",
  description: "name",
  function: "table",
};

export type CsvProblem =
  | { kind: "empty" | "no_name" | "no_address" }
  | { kind: "unknown"; columns: string }
  | { kind: "row"; row: number; what: "name" | "address" | "quote" | "cells" }
  | { kind: "number"; row: number; column: string; cell: string }
  | { kind: "renamed"; row: number; key: string; now: string };

export interface CsvPoints {
  readonly source: string;
  readonly count: number;
  readonly problems: readonly CsvProblem[];
}

/** Letters, digits and _ in lower case, as keys are written. */
export function keyOf(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 50);
  const base = /^[a-z]/.test(plain) ? plain : `p_${plain || "point"}`.replace(/_+$/, "");
  let key = base;
  for (let number = 2; taken.has(key); number += 1) key = `${base}_${number}`;
  return key;
}

function columnOf(cell: string): string {
  const name = cell.toLowerCase().replace(/[\s-]+/g, "_");
  return SYNONYMS[name] ?? name;
}

/** The number of a cell, with a decimal comma, too, where it need not be whole; null when it is none. */
function numberIn(column: string, cell: string): number | null {
  const isWhole = COLUMNS[column] === "whole";
  const number = Number(isWhole ? cell : cell.replace(",", "."));
  return Number.isFinite(number) && (!isWhole || Number.isInteger(number)) ? number : null;
}

function scalar(column: string, cell: string): string {
  return COLUMNS[column] === "text" ? JSON.stringify(cell) : String(numberIn(column, cell));
}

interface Row {
  readonly line: number;
  readonly fields: ReadonlyMap<string, string>;
  readonly problem: CsvProblem | null;
}

function pointLine({ fields }: Row, key: string, groups: ReadonlyMap<string, string>): string {
  const told = [...fields].flatMap(([column, cell]) => {
    if (column === "key" || cell === "") return [];
    if (column === "group") return [`group: ${groups.get(cell)}`];
    return [`${column}: ${scalar(column, cell)}`];
  });
  return `  - {key: ${key}, ${told.join(", ")}}`;
}

function problemOf(row: CsvRow, columns: readonly string[], fields: ReadonlyMap<string, string>): CsvProblem | null {
  const wrong = (what: "name" | "address" | "quote" | "cells"): CsvProblem => ({ kind: "row", row: row.line, what });
  if (row.isBroken) return wrong("quote");
  // A comma too many moves all that is behind it into other columns.
  if (row.cells.slice(columns.length).some((cell) => cell !== "")) return wrong("cells");
  if (!fields.get("name")) return wrong("name");
  if (!fields.get("address") && !fields.get("reference")) return wrong("address");
  const [column, cell] =
    [...fields].find(([each, text]) => text !== "" && COLUMNS[each] !== "text" && numberIn(each, text) === null) ??
    [];
  return column === undefined || cell === undefined ? null : { kind: "number", row: row.line, column, cell };
}

function rowOf(row: CsvRow, columns: readonly string[]): Row {
  const known = columns.flatMap((column, place): [string, string][] =>
    Object.hasOwn(COLUMNS, column) ? [[column, row.cells[place] ?? ""]] : [],
  );
  const fields = new Map(known);
  return { line: row.line, fields, problem: problemOf(row, columns, fields) };
}

function problemsOf(columns: readonly string[], rows: readonly Row[]): CsvProblem[] {
  const unknown = columns.filter((column) => column && !Object.hasOwn(COLUMNS, column));
  const problems: CsvProblem[] = [];
  if (rows.length === 0) problems.push({ kind: "empty" });
  if (!columns.includes("name")) problems.push({ kind: "no_name" });
  if (!columns.includes("address") && !columns.includes("reference")) problems.push({ kind: "no_address" });
  if (unknown.length > 0) problems.push({ kind: "unknown", columns: unknown.join(", ") });
  const told = rows.flatMap(({ problem }) => (problem ? [problem] : []));
  return columns.includes("name") ? [...problems, ...told] : problems;
}

/** A profile with a point for each row of a CSV file, and what of the file was wrong; rows that are are left out. */
export function profileFromCsv(text: string, profile: string, title: string): CsvPoints {
  const [header, ...others] = parseCsv(text);
  const columns = (header?.cells ?? []).map(columnOf);
  const rows = others.map((row) => rowOf(row, columns));
  const usable = rows.filter(({ problem }) => problem === null);
  const renamed: CsvProblem[] = [];
  const taken = new Set<string>();
  const groups = new Map<string, string>();
  const lines = usable.map((row) => {
    const group = row.fields.get("group");
    if (group && !groups.has(group)) groups.set(group, keyOf(group, new Set(groups.values())));
    const given = row.fields.get("key") ?? "";
    const key = keyOf(given || row.fields.get("name") || "", taken);
    if (given && taken.has(keyOf(given, new Set())))
      renamed.push({ kind: "renamed", row: row.line, key: given, now: key });
    taken.add(key);
    return pointLine(row, key, groups);
  });
  const shown = [...taken].slice(0, 4).join(", ");
  const source = [
    `profile: ${profile}`,
    `name: ${JSON.stringify(title)}`,
    "kind: sensor",
    "interval_s: 5",
    `overview: [${shown}]`,
    ...(groups.size > 0 ? ["groups:", ...[...groups].map(([name, key]) => `  ${key}: ${JSON.stringify(name)}`)] : []),
    "points:",
    ...lines,
    "",
  ].join("\n");
  return { source, count: usable.length, problems: [...problemsOf(columns, rows), ...renamed] };
}
