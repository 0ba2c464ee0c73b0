import { ApiError, type FieldError } from "./errors.ts";

/** What is wrong with a form: the first complaint of each field, and whether something is left that belongs to none. */
export interface Faults {
  readonly at: Readonly<Record<string, FieldError>>;
  readonly isWhole: boolean;
}

const NONE: Faults = { at: {}, isWhole: false };

/** A field of the envelope is one of the form's when it has its name, or is part of it: `records.power` of `records`. */
function ownerOf(field: string, names: readonly string[]): string | undefined {
  return names.find((name) => field === name || field.startsWith(`${name}.`));
}

/** Lay an error of the server beside the fields of a form, by their names. */
export function faultsOf(error: unknown, names: readonly string[]): Faults {
  if (error === null || error === undefined) return NONE;
  if (!(error instanceof ApiError)) return { at: {}, isWhole: true };
  const at: Record<string, FieldError> = {};
  let isWhole = error.fields.length === 0;
  for (const each of error.fields) {
    const owner = ownerOf(each.field, names);
    if (owner === undefined) isWhole = true;
    else at[owner] ??= each;
  }
  return { at, isWhole };
}
