import { errorOf } from "./errors.ts";
import type { paths } from "./schema.gen.ts";
import { session } from "./session.ts";

type Json<Path extends keyof paths> = paths[Path] extends {
  get: { responses: { 200: { content: { "application/json": infer Body } } } };
}
  ? Body
  : never;

type Operation<Path extends keyof paths, Method extends "post" | "put" | "delete"> =
  paths[Path] extends Record<Method, infer Found> ? Found : never;

/** What an operation is sent; undefined when it takes no body. */
type Sent<Found> = Found extends { requestBody: { content: { "application/json": infer Body } } } ? Body : undefined;

/** What it answers; undefined for 204. */
type Answered<Found> = Found extends { responses: { 200: { content: { "application/json": infer Body } } } }
  ? Body
  : Found extends { responses: { 201: { content: { "application/json": infer Body } } } }
    ? Body
    : undefined;

type Query = Readonly<Record<string, string | number | boolean | readonly (string | number)[] | undefined>>;

function search(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of typeof value === "object" ? value : [value]) params.append(name, String(one));
  }
  const text = params.toString();
  return text && `?${text}`;
}

/** A path of the server's OpenAPI: `{name}` in it is filled from `query`, the rest becomes the query string. */
function address(path: string, query: Query): string {
  const rest: Record<string, Query[string]> = { ...query };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  return filled + search(rest);
}

/** Ask for what stands at a path. Raises ApiError and UnreachableError. */
export async function get<Path extends keyof paths>(
  path: Path,
  query: Query,
  signal: AbortSignal,
): Promise<Json<Path>> {
  const response = await session.fetch(address(path, query), { signal });
  if (!response.ok) throw await errorOf(response);
  return (await response.json()) as Json<Path>;
}

/** Have the server change something. Raises ApiError, with the fields it is about, and UnreachableError. */
export async function send<Path extends keyof paths, Method extends "post" | "put" | "delete">(
  method: Method,
  path: Path,
  body: Sent<Operation<Path, Method>>,
  query: Query = {},
): Promise<Answered<Operation<Path, Method>>> {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  const response = await session.fetch(address(path, query), { method: method.toUpperCase(), ...sent });
  if (!response.ok) throw await errorOf(response);
  const answer: unknown = response.status === 204 ? undefined : await response.json();
  return answer as Answered<Operation<Path, Method>>;
}
