const formatters = new Map<string, Intl.NumberFormat>();

function formatter(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options);
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(language, options);
  formatters.set(key, made);
  return made;
}

/** A value with the point's own decimals; without them at most three, so that a float shows no noise. */
export function formatNumber(value: number, decimals: number | null, language: string): string {
  const options: Intl.NumberFormatOptions =
    decimals === null
      ? { maximumFractionDigits: 3 }
      : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  // Rounding may leave a minus before zero, which reads like a sign of life where there is none.
  return formatter(language, { ...options, signDisplay: "negative" }).format(value);
}

export function formatCount(count: number, language: string): string {
  return formatter(language, { maximumFractionDigits: 0 }).format(count);
}

export type TimeUnit = "millisecond" | "second" | "minute" | "hour" | "day";

/** A number with a unit of time, as short as the language writes it: 5s, 5秒, 5 с. */
export function formatUnit(value: number, unit: TimeUnit, language: string): string {
  return formatter(language, { style: "unit", unit, unitDisplay: "narrow", maximumFractionDigits: 2 }).format(value);
}
