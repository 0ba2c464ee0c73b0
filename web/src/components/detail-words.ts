import type { Words } from "@/i18n/use-words.ts";

const TABLES = ["holding", "input", "coil", "discrete"] as const;
const EXCEPTIONS = [1, 2, 3, 4, 5, 6, 8, 10, 11] as const;

/** `tcp://10.0.0.5:502, unit 1, holding 0..3: no reply` begins with where it was; the page shows the link elsewhere. */
const WHERE = /^(?:[a-z_]+:\/\/\S+?[,:] )?(?:unit \d+, )?(?:(holding|input|coil|discrete) (\d+)\.\.(\d+): )?/;
const NEXT_ATTEMPT = /; next attempt in ([\d.]+) s$/;

type Reason = (found: RegExpExecArray, words: Words) => string;

const inSeconds = (text: string | undefined, { span }: Words) => span(Math.max(1, Math.round(1000 * Number(text))));

function exceptionWords(found: RegExpExecArray, { t }: Words): string {
  const code = Number(found[1]);
  const known = EXCEPTIONS.find((one) => one === code);
  return t("detail.exception", { code, name: known ? t(`detail.exceptions.${known}`) : (found[2] ?? "") });
}

/** What a driver says of a failure, the most frequent first, and what the page calls it. */
const REASONS: readonly (readonly [RegExp, Reason])[] = [
  [
    /^no reply within ([\d.e+-]+) s/,
    (found, words) => words.t("detail.no_reply", { time: inSeconds(found[1], words) }),
  ],
  [
    /^unit \d+ has been silent for ([\d.]+) s, asked again in ([\d.]+) s$/,
    ([, silence, wait], words) =>
      words.t("detail.silent", { time: inSeconds(silence, words), wait: inSeconds(wait, words) }),
  ],
  [/^not sent, a late reply could be mistaken/, (_, { t }) => t("detail.late_reply")],
  [/^exception (\d+) \((.*)\)$/, exceptionWords],
  [
    /^no connection within ([\d.]+) s$/,
    (found, words) => words.t("detail.connect_timeout", { time: inSeconds(found[1], words) }),
  ],
  [/^not connected$/, (_, { t }) => t("detail.not_connected")],
  [/^the link is closed$/, (_, { t }) => t("detail.closed")],
  [/^connection refused$/, (_, { t }) => t("detail.connection_refused")],
  [/^(?:no route to host|host is down|(?:host|network) (?:is )?unreachable)$/, (_, { t }) => t("detail.unreachable")],
  [/^(?:connection reset by peer|broken pipe)$/, (_, { t }) => t("detail.reset")],
  [
    /^(?:name or service not known|no address .*|temporary failure in name resolution)$/,
    (_, { t }) => t("detail.unknown_host"),
  ],
  [/^no such file or directory$/, (_, { t }) => t("detail.no_port")],
  [/^a reply with a wrong checksum came/, (_, { t }) => t("detail.checksum")],
  [/^\d+ bytes? expected, got /, (_, { t }) => t("detail.unexpected_reply")],
];

/** The detail of a failure in the reader's language; undefined where the page does not know what the driver says. */
export function detailWords(error: string, words: Words): string | undefined {
  const { t } = words;
  const next = NEXT_ATTEMPT.exec(error);
  const text = next ? error.slice(0, next.index) : error;
  const where = WHERE.exec(text);
  const rest = text.slice(where?.[0].length ?? 0);
  for (const [pattern, told] of REASONS) {
    const found = pattern.exec(rest);
    if (!found) continue;
    const table = TABLES.find((one) => one === where?.[1]);
    const [start, end] = [where?.[2], where?.[3]];
    const block = table && `${t(`device.table.${table}`)} ${start === end ? start : `${start}–${end}`}`;
    const wait = next && t("detail.next_attempt", { wait: inSeconds(next[1], words) });
    return [block ? `${told(found, words)} (${block})` : told(found, words), wait].filter(Boolean).join("; ");
  }
  return undefined;
}

/** The detail of a failure in the reader's language; what the page has no words for, exactly as the program says it. */
export function saidWords(error: string, words: Words): string {
  return detailWords(error, words) ?? error;
}
