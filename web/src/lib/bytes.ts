const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"] as const;

/** A size in the largest unit that leaves a number from 1 to 1000: 2.0 MB. */
export function formatBytes(bytes: number, language: string): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const options = { style: "unit", unit: UNITS[power] ?? "byte", unitDisplay: "short" } as const;
  const digits = power === 0 ? 0 : 1;
  return new Intl.NumberFormat(language, { ...options, maximumFractionDigits: digits }).format(bytes / 1000 ** power);
}
