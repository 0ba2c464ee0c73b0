import type { ChartLook } from "./chart-input.ts";
import type { Bounds } from "./time-range.ts";

/** Tables: every sample, or minutes, hours and days of them. */
export const FORMS = ["samples", "minutes", "hours", "days", "excel"] as const;
export type ExportForm = (typeof FORMS)[number];

const AGGREGATES: Partial<Record<ExportForm, string>> = { minutes: "1min", hours: "1hour", days: "1day" };

/** Where the server gives the table of what is seen. */
export function exportAddress(
  look: ChartLook,
  { startMs, endMs }: Bounds,
  form: ExportForm,
  language: string,
): string {
  const unique = (values: (string | number)[]) => [...new Set(values)].join(",");
  const query = new URLSearchParams({
    device_ids: unique(look.points.map(({ ref }) => ref.deviceId)),
    points: unique(look.points.map(({ ref }) => ref.key)),
    start_time: new Date(startMs).toISOString(),
    end_time: new Date(endMs).toISOString(),
    layout: "wide",
    format: form === "excel" ? "xlsx" : "csv",
    zone: look.zone,
    language,
    bom: "true",
  });
  const aggregate = AGGREGATES[form];
  if (aggregate) query.set("aggregate", aggregate);
  return `/api/export/devices?${query}`;
}
