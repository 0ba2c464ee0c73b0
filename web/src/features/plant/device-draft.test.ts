import { expect, test } from "vitest";
import { DETAIL } from "@/testing/plant.ts";
import { bodyOf, changeOf, draftOf } from "./device-draft.ts";

const before = draftOf(DETAIL);

test("what is typed becomes numbers, and the link one text", () => {
  const draft = { ...before, unit_id: "12", interval_s: "2.5", link: { ...before.link, port: "" } };
  const body = bodyOf(draft);
  expect([body.unit_id, body.interval_s, body.link]).toEqual([12, 2.5, "tcp://127.0.0.1:502"]);
});

test("of a device that is there only what differs is sent", () => {
  expect(changeOf(before, before)).toEqual({});
  expect(changeOf({ ...before, name: " G7 ", unit_id: "2" }, before)).toEqual({ name: "G7", unit_id: 2 });
});
