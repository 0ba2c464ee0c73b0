import { errorOf } from "./errors.ts";
import type { paths } from "./schema.gen.ts";
import { session } from "./session.ts";

type Json<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { "application/json": infer Body } } } };
}
  ? Body
  : never;

type Query = Readonly<Record<string, string | number | readonly number[] | undefined>>;

function search(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of typeof value === "object" ? value : [value]) params.append(name, String(one));
  }
  const text = params.toString();
  return text && `?${text}`;
}

/** GET a path of the server's OpenAPI; `{name}` in it is filled from `query`, the rest becomes the query string. */
export async function get<Path extends keyof paths>(
  path: Path,
  query: Query,
  signal: AbortSignal,
): Promise<Json<Path>> {
  const rest: Record<string, Query[string]> = { ...query };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  const response = await session.fetch(filled + search(rest), { signal });
  if (!response.ok) throw await errorOf(response);
  return (await response.json()) as Json<Path>;
}
