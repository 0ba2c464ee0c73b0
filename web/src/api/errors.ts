import type { ErrorEnvelope } from "./types.ts";

export type FieldError = ErrorEnvelope["error"]["fields"][number];
type ErrorFacts = ErrorEnvelope["error"]["facts"];

/** The server answered, and the answer was no; `fields` are what of the request it is about, `facts` what its code is about. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly FieldError[];
  readonly facts: ErrorFacts;

  constructor(
    status: number,
    code: string,
    message: string,
    fields: readonly FieldError[] = [],
    facts: ErrorFacts = {},
  ) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.facts = facts;
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
  return (
    typeof body === "object" &&
    body !== null &&
    "error" in body &&
    typeof body.error === "object" &&
    body.error !== null
  );
}

/** The error of a response that is not 2xx; a proxy may have answered with something that is not our envelope. */
export async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  if (!isEnvelope(body)) return new ApiError(response.status, `http_${response.status}`, response.statusText);
  const { code, message, fields, facts } = body.error;
  const unsaid = fields.filter((field) => !message.includes(field.message));
  const words = [message, ...unsaid.map((field) => `${field.field}: ${field.message}`)].join(" ");
  return new ApiError(response.status, code, words, fields, facts ?? {});
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
