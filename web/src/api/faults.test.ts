import { expect, test } from "vitest";
import { ApiError, UnreachableError } from "./errors.ts";
import { faultsOf } from "./faults.ts";

const NAMES = ["link", "records", "unit_id"];
const refusal = (...fields: { field: string; message: string }[]) => new ApiError(422, "invalid_value", "no", fields);

test("each complaint stands at its field, without repeating the field's name", () => {
  const error = refusal(
    { field: "unit_id", message: "unit_id: too large" },
    { field: "records.power", message: "no" },
  );
  expect(faultsOf(error, NAMES)).toEqual({ at: { unit_id: "Too large", records: "No" }, isWhole: false });
});

test("of several complaints about a field the first one is said", () => {
  const error = refusal({ field: "link", message: "one" }, { field: "link", message: "two" });
  expect(faultsOf(error, NAMES).at).toEqual({ link: "One" });
});

test("what belongs to no field of the form is about the whole", () => {
  expect(faultsOf(refusal({ field: "elsewhere", message: "no" }), NAMES)).toEqual({ at: {}, isWhole: true });
  expect(faultsOf(refusal(), NAMES).isWhole).toBe(true);
  expect(faultsOf(new UnreachableError(null), NAMES).isWhole).toBe(true);
});

test("without an error nothing is wrong", () => {
  expect(faultsOf(null, NAMES)).toEqual({ at: {}, isWhole: false });
});
