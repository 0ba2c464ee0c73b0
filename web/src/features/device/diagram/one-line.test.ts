import { expect, test } from "vitest";
import { POWER } from "@/testing/plant.ts";
import { breakerOf, busIsLive, conducts, feedState, feedsOf } from "./one-line.ts";

const points = (...keys: string[]) => keys.map((key) => ({ ...POWER, key }));
const CLOSED = 3;
const OPEN = 7;

test("a genset has mains and generator, a mains controller the busbar of its gensets", () => {
  const genset = points("mains_switch", "mains_uab", "gen_switch", "gen_uab");
  expect(feedsOf(genset).map((feed) => feed.name)).toEqual(["mains", "generator"]);
  const mains = points("mains_switch", "mains_uab", "busbar_switch", "busbar_uab");
  expect(feedsOf(mains).map((feed) => feed.name)).toEqual(["mains", "gensets"]);
  expect(feedsOf(points("mains_switch", "mains_uab"))).toEqual([]);
  expect(feedsOf(points("power"))).toEqual([]);
});

test("a breaker that is told to move has not moved yet", () => {
  expect([0, 1, 2, 3, 4, 5, 6, 7].map((value) => conducts(breakerOf(value)))).toEqual([
    ...[false, false, false],
    ...[true, true, true, true],
    false,
  ]);
});

test("of a breaker without a reading nothing is known, nor of one in a state without a name", () => {
  expect([breakerOf(null), breakerOf(8)]).toEqual(["unknown", "unknown"]);
  expect(conducts("unknown")).toBeNull();
});

test("power flows to the busbar, back from it, or not at all", () => {
  const flow = (breaker: number | null, power: number | null) => feedState({ breaker, voltage: 400, power }).flow;
  expect([flow(CLOSED, 96), flow(CLOSED, -12), flow(CLOSED, 0.1), flow(OPEN, 96)]).toEqual([
    "in",
    "out",
    "none",
    "none",
  ]);
  expect([flow(CLOSED, null), flow(null, 96)]).toEqual([null, null]);
});

test("the busbar is live with one live feed closed on it, and what is not known is not said", () => {
  const feed = (breaker: number | null, voltage: number | null) => feedState({ breaker, voltage, power: null });
  expect(busIsLive([feed(OPEN, 400), feed(CLOSED, 400)])).toBe(true);
  expect(busIsLive([feed(OPEN, 400), feed(CLOSED, 0)])).toBe(false);
  expect(busIsLive([feed(OPEN, 400), feed(null, 400)])).toBeNull();
  expect(busIsLive([feed(CLOSED, 400), feed(null, null)])).toBe(true);
});
