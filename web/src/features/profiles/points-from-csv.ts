import { parseCsv } from "@/lib/csv.ts";

/** Columns that become fields of a point, and whether they are numbers. */
const COLUMNS: Readonly<Record<string, "text" | "number">> = {
  key: "text",
  name: "text",
  address: "number",
  reference: "text",
  table: "text",
  type: "text",
  registers: "number",
  bit: "number",
  scale: "number",
  offset: "number",
  unit: "text",
  decimals: "number",
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
  | { kind: "row"; row: number; what: "name" | "address" };

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

function scalar(column: string, cell: string): string {
  const number = Number(cell.replace(",", "."));
  return COLUMNS[column] === "number" && cell !== "" && Number.isFinite(number)
    ? String(number)
    : JSON.stringify(cell);
}

type Row = ReadonlyMap<string, string>;

function pointLine(row: Row, key: string, groups: ReadonlyMap<string, string>): string {
  const fields = [...row].flatMap(([column, cell]) => {
    if (column === "key" || cell === "") return [];
    if (column === "group") return [`group: ${groups.get(cell)}`];
    return [`${column}: ${scalar(column, cell)}`];
  });
  return `  - {key: ${key}, ${fields.join(", ")}}`;
}

function problemsOf(columns: readonly string[], rows: readonly Row[]): CsvProblem[] {
  const unknown = columns.filter((column) => column && !Object.hasOwn(COLUMNS, column));
  const problems: CsvProblem[] = [];
  if (rows.length === 0) problems.push({ kind: "empty" });
  if (!columns.includes("name")) problems.push({ kind: "no_name" });
  if (!columns.includes("address") && !columns.includes("reference")) problems.push({ kind: "no_address" });
  if (unknown.length > 0) problems.push({ kind: "unknown", columns: unknown.join(", ") });
  rows.forEach((row, index) => {
    if (columns.includes("name") && !row.get("name")) problems.push({ kind: "row", row: index + 2, what: "name" });
    const isPlaced = row.get("address") || row.get("reference");
    if (columns.includes("name") && !isPlaced) problems.push({ kind: "row", row: index + 2, what: "address" });
  });
  return problems;
}

/** A profile with a point for each row of a CSV file, and what of the file was wrong; rows that are are left out. */
export function profileFromCsv(text: string, profile: string, title: string): CsvPoints {
  const [header = [], ...cells] = parseCsv(text);
  const columns = header.map(columnOf);
  const rows = cells.map(
    (row) =>
      new Map(
        columns.flatMap((column, place) => (Object.hasOwn(COLUMNS, column) ? [[column, row[place] ?? ""]] : [])),
      ),
  );
  const usable = rows.filter((row) => row.get("name") && (row.get("address") || row.get("reference")));
  const taken = new Set<string>();
  const groups = new Map<string, string>();
  const lines = usable.map((row) => {
    const group = row.get("group");
    if (group && !groups.has(group)) groups.set(group, keyOf(group, new Set(groups.values())));
    const key = keyOf(row.get("key") || row.get("name") || "", taken);
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
  return { source, count: usable.length, problems: problemsOf(columns, rows) };
}
