import type { Words } from "@/i18n/use-words.ts";

/** What the server says of a field most often, and what the page calls it; `(.+)` is the bound. */
const KNOWN = [
  [/^Input should be greater than or equal to (.+)$/i, "fault.least"],
  [/^Input should be less than or equal to (.+)$/i, "fault.most"],
  [/^Input should be greater than (.+)$/i, "fault.above"],
  [/^Input should be less than (.+)$/i, "fault.below"],
  [/^String should have at least (\d+) characters?$/i, "fault.shortest"],
  [/^String should have at most (\d+) characters?$/i, "fault.longest"],
  [/^Field required$/i, "fault.required"],
  [/^Input should be a valid (?:integer|number).*$/i, "fault.number"],
] as const;

/** What the server said of a field, in the reader's language where it is one of the usual complaints. */
export function faultWords(message: string | undefined, t: Words["t"]): string | undefined {
  if (message === undefined) return undefined;
  for (const [pattern, key] of KNOWN) {
    const found = pattern.exec(message);
    if (found) return t(key, { bound: found[1] ?? "" });
  }
  return message;
}
