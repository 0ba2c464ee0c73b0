"""Where what points came to is found: in roll-ups as far as they tell it exactly, in the samples elsewhere. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from stripchart.history.horizons import DAY_MS
from stripchart.model.sample import PointIds, Times

TIERS = ((DAY_MS, "whole_day"), (3_600_000, "hour"), (60_000, "minute"))
"""Lengths of the roll-ups and the tables they are in, longest first."""


@dataclass(frozen=True, slots=True)
class Days:
    """UTC days since 1970 of which there are roll-ups, ascending: they tell all of those in `rolled`.

    Of those in `sealed` the samples of points behind their horizon are gone.
    """

    rolled: frozenset[int]
    sealed: frozenset[int]

    def among(self, first: int, last: int) -> list[int]:
        return sorted(day for day in self.rolled | self.sealed if first <= day <= last)


@dataclass(slots=True)
class Ranges:
    """Ranges of points: columns of equal length."""

    point_id: list[int] = field(default_factory=list)
    start_ms: list[int] = field(default_factory=list)
    end_ms: list[int] = field(default_factory=list)

    def add(self, points: list[int], start_ms: int, end_ms: int) -> None:
        if start_ms < end_ms:
            self.point_id += points
            self.start_ms += [start_ms] * len(points)
            self.end_ms += [end_ms] * len(points)

    def __bool__(self) -> bool:
        return bool(self.point_id)


@dataclass(frozen=True, slots=True)
class Sources:
    """What to look up in the samples, and what in the tables of roll-ups."""

    samples: Ranges
    rollups: dict[str, Ranges]


def tier_of(unit_ms: int) -> tuple[int, str] | None:
    """The longest roll-up of which a unit has a whole number; None when it has of none."""
    return next((tier for tier in TIERS if unit_ms % tier[0] == 0), None)


def sources_of(
    points: PointIds, start_ms: Times, raw_ms: Times, end_ms: int, tier_ms: int | None, days: Days
) -> Sources:
    """Where the points are told from their own start (of the wanted tier) to the end; `raw_ms`: their horizons.

    Without a tier nothing but samples is used. Neighbouring spans of one source are one.
    """
    found = Sources(Ranges(), {})
    kinds, members = np.unique(np.stack([start_ms, raw_ms]), axis=1, return_inverse=True)
    for number, (start, raw) in enumerate(kinds.T.tolist()):
        same = points[members.reshape(-1) == number].tolist()
        if tier_ms is None:
            found.samples.add(same, max(start, raw), end_ms)
            continue
        begun = start
        for low, high in _rolled(start, raw, end_ms, days):
            found.samples.add(same, begun, low)
            for table, first, last in _in_tiers(low, high, tier_ms):
                found.rollups.setdefault(table, Ranges()).add(same, first, last)
            begun = high
        found.samples.add(same, begun, end_ms)
    return found


def _in_tiers(low: int, high: int, longest_ms: int) -> Iterator[tuple[str, int, int]]:
    """The roll-ups that tell a span: the longest, shorter ones where it is cut; a part of a minute is not told."""
    for length_ms, table in TIERS:
        first, last = -(-low // length_ms) * length_ms, high // length_ms * length_ms
        if length_ms <= longest_ms and first < last:
            yield table, first, last
            yield from _in_tiers(low, first, length_ms)
            yield from _in_tiers(last, high, length_ms)
            return


def _rolled(start: int, raw: int, end: int, days: Days) -> list[tuple[int, int]]:
    """The spans that roll-ups tell, in order, as long as can be."""
    spans: list[tuple[int, int]] = []
    for day in days.among(start // DAY_MS, (end - 1) // DAY_MS):
        low, high = max(day * DAY_MS, start), min((day + 1) * DAY_MS, end)
        if day in days.sealed and low < raw:
            high = min(high, raw)
        elif day not in days.rolled or high - low < DAY_MS:
            continue
        if spans and spans[-1][1] == low:
            low = spans.pop()[0]
        spans.append((low, high))
    return spans
