import type { Words } from "@/i18n/use-words.ts";

/** What the server says of a field most often, and what the page calls it; the groups are the bound, or the least and the most. */
const KNOWN = [
  [/^Input should be greater than or equal to (.+)$/i, "fault.least"],
  [/^Input should be less than or equal to (.+)$/i, "fault.most"],
  [/^Input should be greater than (.+)$/i, "fault.above"],
  [/^Input should be less than (.+)$/i, "fault.below"],
  [/^String should have at least (\d+) characters?$/i, "fault.shortest"],
  [/^String should have at most (\d+) characters?$/i, "fault.longest"],
  [/^Field required$/i, "fault.required"],
  [/^Input should be a valid (?:integer|number).*$/i, "fault.number"],
  [/another one has it already/i, "fault.taken"],
  [/\d characters; allowed are (\d+) to (\d+)$/i, "fault.length"],
  [/allowed are ([\d.]+) to ([\d.]+)(?: seconds| on \w+)?$/i, "fault.range"],
  [/the host is missing or has characters/i, "fault.host"],
  [/allowed are letters, digits/i, "fault.username"],
  [/spaces at the beginning or the end/i, "fault.spaces"],
  [/allowed are IANA time zones/i, "account.zone_none"],
  [/there is no such (?:site|device)$/i, "fault.gone"],
  [/allowed are absolute paths/i, "fault.path"],
  [/allowed are the five fields of cron/i, "fault.cron"],
  [/^the password (?:has \d+ characters; at least|needs )/i, "fault.password"],
] as const;

/** What the server said of a field, in the reader's language where it is one of the usual complaints. */
export function faultWords(message: string | undefined, t: Words["t"]): string | undefined {
  if (message === undefined) return undefined;
  for (const [pattern, key] of KNOWN) {
    const found = pattern.exec(message);
    if (found) return t(key, { bound: found[1] ?? "", low: found[1] ?? "", high: found[2] ?? "" });
  }
  return message;
}
