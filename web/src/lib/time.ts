import { formatUnit, type TimeUnit } from "./numbers.ts";
import { agreesWithBrowser, wallOf } from "./zone.ts";

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** How long ago, in the largest unit that still says something. Never negative: clocks differ a little. */
export function formatAge(ageMs: number, language: string): string {
  const age = Math.max(0, ageMs);
  if (age < MINUTE_MS) return formatUnit(Math.floor(age / SECOND_MS), "second", language);
  if (age < HOUR_MS) return formatUnit(Math.floor(age / MINUTE_MS), "minute", language);
  if (age < 2 * DAY_MS) return formatUnit(Math.floor(age / HOUR_MS), "hour", language);
  return formatUnit(Math.floor(age / DAY_MS), "day", language);
}

/** From how long on a span is told in a unit, how long that is, and the unit for what remains. */
const SPAN_UNITS: readonly [number, number, TimeUnit, number, TimeUnit][] = [
  [2 * DAY_MS, DAY_MS, "day", HOUR_MS, "hour"],
  [HOUR_MS, HOUR_MS, "hour", MINUTE_MS, "minute"],
  [MINUTE_MS, MINUTE_MS, "minute", SECOND_MS, "second"],
];

function roundedTo(stepMs: number, spanMs: number): number {
  return Math.round(spanMs / stepMs) * stepMs;
}

function spanParts(spanMs: number): [number, TimeUnit][] {
  for (const [fromMs, unitMs, unit, restMs, restUnit] of SPAN_UNITS) {
    const rounded = roundedTo(restMs, spanMs);
    if (rounded < fromMs) continue;
    const rest = Math.round((rounded % unitMs) / restMs);
    const whole: [number, TimeUnit] = [Math.floor(rounded / unitMs), unit];
    return rest > 0 ? [whole, [rest, restUnit]] : [whole];
  }
  const seconds = roundedTo(spanMs < 10 * SECOND_MS ? 10 : 100, spanMs) / SECOND_MS;
  return [seconds >= 1 ? [seconds, "second"] : [spanMs, "millisecond"]];
}

/** The length of a span, rounded and not cut off: 500ms, 1.5s, 1m 30s, 36h, 7d. */
export function formatSpan(spanMs: number, language: string): string {
  const parts = spanParts(Math.max(0, spanMs)).map(([value, unit]) => formatUnit(value, unit, language));
  return new Intl.ListFormat(language, { type: "unit", style: "narrow" }).format(parts);
}

/** As formatSpan, of what grows or shrinks while it is looked at: in whole seconds from one second on. */
export function formatRoughSpan(spanMs: number, language: string): string {
  return formatSpan(roundedTo(spanMs < SECOND_MS ? 1 : SECOND_MS, spanMs), language);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** With `isNamed` the zone is said, too. */
function format(language: string, name: keyof typeof FORMATS, zone: string, isNamed = false): Intl.DateTimeFormat {
  const key = `${language}/${name}/${zone}/${isNamed}`;
  const known = formats.get(key);
  if (known) return known;
  const named = isNamed ? ({ timeZoneName: "short" } as const) : {};
  const made = new Intl.DateTimeFormat(language, { ...FORMATS[name], ...named, timeZone: zone });
  formats.set(key, made);
  return made;
}

const DATE = { year: "numeric", month: "short", day: "numeric" } as const;
const TO_THE_SECOND = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const;

const FORMATS = {
  clock: TO_THE_SECOND,
  minute: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  month: { year: "numeric", month: "short" },
  day: { day: "numeric", month: "short" },
  date: DATE,
  dayMinute: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  full: {
    ...DATE,
    ...TO_THE_SECOND,
  },
  weekday: {
    weekday: "short",
    ...DATE,
    ...TO_THE_SECOND,
  },
  exactClock: {
    ...TO_THE_SECOND,
    fractionalSecondDigits: 3,
  },
  exact: {
    ...DATE,
    ...TO_THE_SECOND,
    fractionalSecondDigits: 3,
  },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

export type TimeFormat = keyof typeof FORMATS;

/** On the clocks of the zone. */
export function formatTime(atMs: number, language: string, name: TimeFormat, zone: string): string {
  return format(language, name, zone).format(atMs);
}

/** The whole date and time, with the zone that they are told in. */
export function formatMoment(atMs: number, language: string, zone: string): string {
  return format(language, "full", zone, true).format(atMs);
}

/** From when to when, with the day of the week; the date said once when it is the same. */
export function formatPeriod(startMs: number, endMs: number, language: string, zone: string): string {
  return format(language, "weekday", zone).formatRange(startMs, endMs);
}

/** The time of day for today, with the date before that, and with the zone where this computer's clock differs. */
export function formatSince(atMs: number, nowMs: number, language: string, zone: string): string {
  const [then, now] = [wallOf(atMs, zone), wallOf(nowMs, zone)];
  const sameDay = then.day === now.day && then.month === now.month && then.year === now.year;
  return format(language, sameDay ? "minute" : "dayMinute", zone, !agreesWithBrowser(atMs, zone)).format(atMs);
}
