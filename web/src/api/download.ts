import { errorOf } from "./errors.ts";
import { session } from "./session.ts";

/** The name that the server gives a file, else the one proposed here. */
function nameOf(response: Response, proposed: string): string {
  return /filename="?([^";]+)"?/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? proposed;
}

/** Fetch a file and hand it to the browser to keep. Raises ApiError and UnreachableError. */
export async function download(url: string, proposed: string): Promise<void> {
  const response = await session.fetch(url, { headers: { Accept: "*/*" } });
  if (!response.ok) throw await errorOf(response);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = nameOf(response, proposed);
  link.click();
  URL.revokeObjectURL(address);
}
