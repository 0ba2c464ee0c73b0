import { expect, test } from "vitest";
import { stateOf } from "@/components/device-state.ts";
import { DEVICE, GROUP, SITE } from "@/testing/plant.ts";
import { countByState, filterFromUrl, filterToUrl, matching } from "./filter.ts";
import { byGroup, bySite } from "./sections.ts";

const G2 = { ...DEVICE, id: 2, name: "G2", status: "offline" } as const;
const OTHER = { ...SITE, id: 2, code: "YKZ", name: "West" };
const stateNow = (device: { status: "online" | "offline" | "error" | "unknown" }) => stateOf(device.status);
const find = (query: string, state: "normal" | "offline" | null = null) =>
  matching(bySite([SITE, OTHER], [DEVICE, G2]), { query, state, by: "site" }, stateNow, () => [
    "Genset",
    "MKZ North",
  ]).flatMap((section) => section.devices.map((device) => device.name));

test("the filter is read from the address as it is written there", () => {
  const filter = { query: "north g1", state: "offline", by: "group" } as const;
  expect(filterFromUrl(filterToUrl(filter))).toEqual(filter);
  const nothing = { query: "", state: null, by: "site" };
  expect(filterFromUrl(new URLSearchParams("state=nonsense&by=chance"))).toEqual(nothing);
});

test("every word must be found: in the name, the site, the type or the address", () => {
  expect(find("mkz g1")).toEqual(["G1"]);
  expect(find("GENSET")).toEqual(["G1", "G2"]);
  expect(find("15021")).toEqual(["G1", "G2"]);
  expect(find("g1 west")).toEqual([]);
});

test("a state leaves only the devices that have it", () => {
  expect(find("", "offline")).toEqual(["G2"]);
});

test("devices are counted by state", () => {
  const counts = { critical: 0, warning: 0, offline: 1, error: 0, unknown: 0, normal: 1 };
  expect(countByState([DEVICE, G2], stateNow)).toEqual(counts);
});

test("a device that answers is as its values are, another is what keeps it from answering", () => {
  expect(stateOf("online", "critical")).toBe("critical");
  expect(stateOf("error", "offline")).toBe("error");
});

test("by group, a device stands in each of its groups, and those in none come last", () => {
  const two = { ...GROUP, id: 8, name: "Both" };
  const groups = byGroup([GROUP, two], [DEVICE, G2], "Ungrouped");
  expect(groups.map(({ name, devices }) => [name, devices.map((device) => device.name)])).toEqual([
    ["Engines", ["G1"]],
    ["Both", ["G1"]],
    ["Ungrouped", ["G2"]],
  ]);
});
