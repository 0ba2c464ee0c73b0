import type { ErrorEnvelope } from "./types.ts";

/** The server answered, and the answer was no. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
  }
}

/** No answer at all: the server is down or the network is. */
export class UnreachableError extends Error {
  constructor(cause: unknown) {
    super("unreachable", { cause });
    this.name = "UnreachableError";
  }
}

function isEnvelope(body: unknown): body is ErrorEnvelope {
  return typeof body === "object" && body !== null && "error" in body && typeof body.error === "object";
}

/** The error of a response that is not 2xx; a proxy may have answered with something that is not our envelope. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  if (!isEnvelope(body)) return new ApiError(response.status, `http_${response.status}`, response.statusText);
  const fields = body.error.fields.map((field) => `${field.field}: ${field.message}`);
  return new ApiError(response.status, body.error.code, [body.error.message, ...fields].join(" "));
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
