import { expect, test } from "vitest";
import { DEVICE, SITE } from "@/testing/plant.ts";
import { countByStatus, filterFromUrl, filterToUrl, matchingBySite } from "./filter.ts";

const G2 = { ...DEVICE, id: 2, name: "G2", status: "offline" } as const;
const OTHER = { ...SITE, id: 2, code: "YKZ", name: "West" };
const find = (query: string, status: "online" | "offline" | null = null) =>
  matchingBySite(
    [SITE, OTHER],
    [DEVICE, G2],
    { query, status },
    (device) => device.status,
    () => "Generator set",
  ).flatMap((group) => group.devices.map((device) => device.name));

test("the filter is read from the address as it is written there", () => {
  const filter = { query: "north g1", status: "offline" } as const;
  expect(filterFromUrl(filterToUrl(filter))).toEqual(filter);
  expect(filterFromUrl(new URLSearchParams("status=nonsense"))).toEqual({ query: "", status: null });
});

test("every word must be found: in the name, the site, the type or the address", () => {
  expect(find("mkz g1")).toEqual(["G1"]);
  expect(find("GENERATOR")).toEqual(["G1", "G2"]);
  expect(find("15021")).toEqual(["G1", "G2"]);
  expect(find("g1 west")).toEqual([]);
});

test("a status leaves only the devices that have it", () => {
  expect(find("", "offline")).toEqual(["G2"]);
});

test("devices are counted by status", () => {
  expect(countByStatus([DEVICE, G2], (device) => device.status)).toEqual({
    online: 1,
    offline: 1,
    error: 0,
    unknown: 0,
  });
});
