/** What Excel writes on computers of these languages when it is not told to write UTF-8. */
const LOCAL: Readonly<Record<string, string>> = { zh: "gb18030", ru: "windows-1251" };

function encodingByMark([first, second]: Uint8Array): string | null {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : null;
}

/** The text of a file: UTF-8, UTF-16 with its mark, or else what spreadsheets write where this language is spoken. */
export function decoded(content: ArrayBuffer, language: string): string {
  const marked = encodingByMark(new Uint8Array(content, 0, Math.min(2, content.byteLength)));
  if (marked) return new TextDecoder(marked).decode(content);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    return new TextDecoder(LOCAL[language] ?? "windows-1252").decode(content);
  }
}
