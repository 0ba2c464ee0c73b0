const DELIMITERS = [",", ";", "\t"] as const;

/** The delimiter that the first line has most of. */
function delimiterOf(text: string): string {
  const line = text.split(/\r?\n/, 1)[0] ?? "";
  const count = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.reduce<string>((best, one) => (count(one) > count(best) ? one : best), ",");
}

export interface CsvRow {
  /** The line of the text on which it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** A quote is where none can be, so that what follows on the line is not known. */
  readonly isBroken: boolean;
}

function unquoted(raw: string): string {
  return (raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw).trim();
}

/**
 * The rows of a CSV text (RFC 4180); commas, semicolons or tabs between the cells.
 *
 * A quoted cell may hold all of these, line breaks, and quotes written twice. Empty rows are left out.
 */
export function parseCsv(text: string): CsvRow[] {
  const source = text.replace(/^\uFEFF/, "");
  const delimiter = delimiterOf(source);
  const cell = new RegExp(
    `("(?:[^"]|"")*"|[^"\\r\\n${delimiter}][^\\r\\n${delimiter}]*|)(${delimiter}|\\r?\\n|$)`,
    "y",
  );
  const rows: CsvRow[] = [];
  let cells: string[] = [];
  let line = 1;
  let nextLine = 1;
  const close = (isBroken: boolean) => {
    rows.push({ line, cells, isBroken });
    cells = [];
    line = nextLine;
  };
  let at = 0;
  while (at < source.length) {
    cell.lastIndex = at;
    const found = cell.exec(source);
    if (!found) {
      const end = source.indexOf("\n", at);
      at = end < 0 ? source.length : end + 1;
      nextLine += 1;
      close(true);
      continue;
    }
    const [whole, raw = "", end = ""] = found;
    at += whole.length;
    nextLine += whole.split("\n").length - 1;
    cells.push(unquoted(raw));
    if (end !== delimiter) close(false);
    else if (at >= source.length) cells.push("");
  }
  if (cells.length > 0) close(false);
  return rows.filter((row) => row.isBroken || row.cells.some((one) => one !== ""));
}
