import { errorOf } from "./errors.ts";
import { session } from "./session.ts";

/** A file that the server gave, under the name that it has there. */
export interface Downloaded {
  readonly content: Blob;
  readonly name: string;
}

function nameOf(response: Response): string {
  return /filename="?([^";]+)"?/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "export";
}

/** The whole file; `onBytes` hears how much of it has come. Raises ApiError and UnreachableError. */
export async function download(
  address: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<Downloaded> {
  const response = await session.fetch(address, { signal, headers: { Accept: "*/*" } });
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
export function save({ content, name }: Downloaded) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
