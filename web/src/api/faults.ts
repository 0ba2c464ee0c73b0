import { ApiError } from "./errors.ts";

/** What is wrong with a form: the words at each field, and whether something is left that belongs to none of them. */
export interface Faults {
  readonly at: Readonly<Record<string, string>>;
  readonly isWhole: boolean;
}

const NONE: Faults = { at: {}, isWhole: false };

/** A field of the envelope is one of the form's when it has its name, or is part of it: `records.power` of `records`. */
function ownerOf(field: string, names: readonly string[]): string | undefined {
  return names.find((name) => field === name || field.startsWith(`${name}.`));
}

function words(field: string, message: string): string {
  const text = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Lay an error of the server beside the fields of a form, by their names. */
export function faultsOf(error: unknown, names: readonly string[]): Faults {
  if (error === null || error === undefined) return NONE;
  if (!(error instanceof ApiError)) return { at: {}, isWhole: true };
  const at: Record<string, string> = {};
  let isWhole = error.fields.length === 0;
  for (const { field, message } of error.fields) {
    const owner = ownerOf(field, names);
    if (owner === undefined) isWhole = true;
    else at[owner] ??= words(field, message);
  }
  return { at, isWhole };
}
