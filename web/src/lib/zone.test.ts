import { expect, test } from "vitest";
import { atWall, browserZone, offsetMs, shownZone, wallOf } from "./zone.ts";

const BERLIN = "Europe/Berlin";
const at = (text: string) => Date.parse(text);

test("clocks of a zone are ahead of UTC by their offset, in summer and in winter", () => {
  expect(offsetMs(at("2026-07-01T00:00:00Z"), BERLIN)).toBe(7_200_000);
  expect(offsetMs(at("2026-12-01T00:00:00Z"), BERLIN)).toBe(3_600_000);
  expect(offsetMs(at("2026-12-01T00:00:00Z"), "Asia/Kathmandu")).toBe(20_700_000);
});

test("what clocks show and when they show it are each other's way back", () => {
  const when = at("2026-11-17T22:30:05Z");
  const wall = wallOf(when, BERLIN);
  expect(wall).toEqual({ year: 2026, month: 11, day: 17, hour: 23, minute: 30, second: 5 });
  expect(atWall(wall, BERLIN)).toBe(when);
});

test("a day in which clocks change begins at midnight, and has 23 or 25 hours", () => {
  const hours = (month: number, day: number) =>
    (atWall({ year: 2026, month, day: day + 1 }, BERLIN) - atWall({ year: 2026, month, day }, BERLIN)) / 3_600_000;
  expect([hours(3, 29), hours(10, 25), hours(11, 21)]).toEqual([23, 25, 24]);
});

test("of an hour that is shown twice the first is meant, and one that is jumped over ends with the jump", () => {
  expect(atWall({ year: 2026, month: 10, day: 25, hour: 2, minute: 30 }, BERLIN)).toBe(at("2026-10-25T00:30:00Z"));
  expect(atWall({ year: 2026, month: 3, day: 29, hour: 2, minute: 30 }, BERLIN)).toBe(at("2026-03-29T01:30:00Z"));
});

test("days and months that run over are those of the next month and year", () => {
  expect(atWall({ year: 2026, month: 13, day: 1 }, "UTC")).toBe(at("2027-01-01T00:00:00Z"));
  expect(atWall({ year: 2026, month: 11, day: 0 }, "UTC")).toBe(at("2026-10-31T00:00:00Z"));
});

test("the zone of the account comes before that of the sites, and that of the sites before the browser's", () => {
  expect(shownZone(BERLIN, ["Asia/Kathmandu"])).toBe(BERLIN);
  expect(shownZone("", ["Asia/Kathmandu", "Asia/Kathmandu"])).toBe("Asia/Kathmandu");
  expect(shownZone("", ["Asia/Kathmandu", BERLIN])).toBe(browserZone());
  expect(shownZone("")).toBe(browserZone());
});
