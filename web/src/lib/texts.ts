/** One text per language code; 'en' is always there. */
export type Texts = Readonly<Record<string, string>>;

/** The text in the language, or in English, or the key that stands for it. */
export function pickText(texts: Texts | undefined, language: string, fallback = ""): string {
  return texts?.[language] ?? texts?.["en"] ?? fallback;
}

/** True when every word of the query is somewhere in the texts; case does not matter. */
export function matchesQuery(query: string, ...texts: readonly string[]): boolean {
  const hay = texts.join("\n").toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}
