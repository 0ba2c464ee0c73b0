const DELIMITERS = [",", ";", "\t"] as const;

/** The delimiter that the first line has most of. */
function delimiterOf(text: string): string {
  const line = text.split(/\r?\n/, 1)[0] ?? "";
  const count = (delimiter: string) => line.split(delimiter).length;
  return DELIMITERS.reduce<string>((best, one) => (count(one) > count(best) ? one : best), ",");
}

/**
 * The cells of a CSV text (RFC 4180), row by row; commas, semicolons or tabs between them.
 *
 * A quoted cell may hold all of these, line breaks, and quotes written twice. Empty rows are left out.
 */
export function parseCsv(text: string): string[][] {
  const source = text.replace(/^\uFEFF/, "");
  const delimiter = delimiterOf(source);
  const cell = new RegExp(
    `("(?:[^"]|"")*"|[^"\\r\\n${delimiter}][^\\r\\n${delimiter}]*|)(${delimiter}|\\r?\\n|$)`,
    "y",
  );
  const rows: string[][] = [];
  let row: string[] = [];
  while (cell.lastIndex < source.length) {
    const found = cell.exec(source);
    if (!found) break;
    const [, raw = "", end = ""] = found;
    row.push((raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw).trim());
    if (end !== delimiter) {
      rows.push(row);
      row = [];
    } else if (cell.lastIndex >= source.length) row.push("");
  }
  if (row.length > 0) rows.push(row);
  return rows.filter((cells) => cells.some((one) => one !== ""));
}
