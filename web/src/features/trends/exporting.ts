import { errorOf } from "@/api/errors.ts";
import { session } from "@/api/session.ts";
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
  });
  const aggregate = AGGREGATES[form];
  if (aggregate) query.set("aggregate", aggregate);
  return `/api/export/devices?${query}`;
}

function nameOf(response: Response): string {
  const found = /filename="?([^";]+)"?/.exec(response.headers.get("Content-Disposition") ?? "");
  return found?.[1] ?? "export.csv";
}

/** The whole file, and what the server calls it. Raises ApiError and UnreachableError. */
export async function download(
  address: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<{ content: Blob; name: string }> {
  const response = await session.fetch(address, { signal });
  if (!response.ok) throw await errorOf(response);
  const pieces: BlobPart[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  for (let piece = await reader?.read(); piece && !piece.done; piece = await reader?.read()) {
    pieces.push(piece.value);
    bytes += piece.value.byteLength;
    onBytes(bytes);
  }
  return { content: new Blob(pieces), name: nameOf(response) };
}

/** Hands a file to the person, as browsers do it. */
export function save(content: Blob, name: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
