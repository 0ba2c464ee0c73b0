import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { useWords } from "@/i18n/use-words.ts";
import { faultWords } from "./fault-words.ts";

test("the usual complaints are told in words of the page, the others as the server says them", () => {
  const { t } = renderHook(() => useWords()).result.current;
  expect(faultWords("Input should be greater than or equal to 1", t)).toBe("Must be 1 or more.");
  expect(faultWords("String should have at most 50 characters", t)).toBe("At most 50 characters.");
  expect(faultWords("Field required", t)).toBe("Required.");
  expect(faultWords("Taken", t)).toBe("Taken");
  expect(faultWords("Another one has it already; capital letters make no difference", t)).toBe("Already in use.");
  expect(faultWords("0.5: allowed are 1 to 3600 seconds", t)).toBe("Allowed: 1 to 3600.");
  expect(faultWords("Unit id 300: allowed are 1 to 255 on tcp", t)).toBe("Allowed: 1 to 255.");
  expect(faultWords("70 characters; allowed are 1 to 50", t)).toBe("Allowed: 1 to 50 characters.");
  expect(faultWords(undefined, t)).toBeUndefined();
});
