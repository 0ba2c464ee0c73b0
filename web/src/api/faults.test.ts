import { expect, test } from "vitest";
import { ApiError, type FieldError, UnreachableError } from "./errors.ts";
import { faultsOf } from "./faults.ts";

const NAMES = ["link", "records", "unit_id"];
const about = (field: string, message: string): FieldError => ({ field, message, code: "other", facts: {} });
const refusal = (...fields: FieldError[]) => new ApiError(422, "invalid_value", "no", fields);

test("each complaint stands at its field, one about a part of it too", () => {
  const [unit, power] = [about("unit_id", "too large"), about("records.power", "no")];
  expect(faultsOf(refusal(unit, power), NAMES)).toEqual({ at: { unit_id: unit, records: power }, isWhole: false });
});

test("of several complaints about a field the first one is said", () => {
  const [one, two] = [about("link", "one"), about("link", "two")];
  expect(faultsOf(refusal(one, two), NAMES).at).toEqual({ link: one });
});

test("what belongs to no field of the form is about the whole", () => {
  expect(faultsOf(refusal(about("elsewhere", "no")), NAMES)).toEqual({ at: {}, isWhole: true });
  expect(faultsOf(refusal(), NAMES).isWhole).toBe(true);
  expect(faultsOf(new UnreachableError(null), NAMES).isWhole).toBe(true);
});

test("without an error nothing is wrong", () => {
  expect(faultsOf(null, NAMES)).toEqual({ at: {}, isWhole: false });
});
