"""Where buckets begin: a grid of equal milliseconds, or of the calendar of a time zone. Pure.

Zones are those of the IANA database (https://www.iana.org/time-zones), from the system or the package `tzdata`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from stripchart.model.sample import Times

MOST_BUCKETS = 2_000_000
"""A range of more calendar buckets is refused."""

_HOUR_MS = 3_600_000
_DAY_MS = 24 * _HOUR_MS
_400_YEARS_MS = 146_097 * _DAY_MS
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = 1800, 2400
"""Before the first of them there was no standard time, after the last one rules repeat every 400 years."""


class Unit(StrEnum):
    """A span of the calendar. A week begins on Monday (ISO 8601)."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Buckets of a span of the calendar in a zone, such as days in 'Europe/Berlin'.

    Where clocks change, a day has 23 or 25 hours, or whatever it has there. Each bucket begins when the clocks of
    the zone first show its beginning, or first show more when they jump over it. An hour also ends where clocks
    change, so an hour shown twice is two buckets, and a change by half an hour makes a bucket shorter than an hour.
    """

    unit: Unit
    zone: str

    def __post_init__(self) -> None:
        zone_named(self.zone)


_SHORTEST_MS = {
    Unit.HOUR: _HOUR_MS,
    Unit.DAY: _DAY_MS,
    Unit.WEEK: 7 * _DAY_MS,
    Unit.MONTH: 28 * _DAY_MS,
    Unit.YEAR: 365 * _DAY_MS,
}

Grid: TypeAlias = int | Calendar
"""Milliseconds of a bucket, on a grid that begins at 1970-01-01T00:00Z; or a calendar."""


def zone_named(name: str) -> ZoneInfo:
    """The zone. Raises ValueError when there is none of this name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"zone {name!r}: allowed are names of the IANA database, such as Europe/Berlin") from error


def check_grid(grid: Grid) -> None:
    """Raises ValueError when no buckets can have this length."""
    if isinstance(grid, int) and grid < 1:
        raise ValueError(f"bucket_ms {grid}: allowed are 1 and more")


def count_at_most(grid: Grid, start_ms: int, end_ms: int) -> int:
    """How many buckets a range may have, without laying them out."""
    check_grid(grid)
    return max(0, end_ms - start_ms) // (grid if isinstance(grid, int) else _SHORTEST_MS[grid.unit]) + 2


def edges_of(grid: Grid, start_ms: int, end_ms: int) -> Times:
    """Where the buckets begin that have a part of the range, and where the last of them ends.

    Empty when the range is. Raises ValueError when there are more than MOST_BUCKETS.
    """
    check_grid(grid)
    if start_ms >= end_ms:
        return np.empty(0, np.int64)
    if isinstance(grid, int):
        first, last = start_ms // grid, -(-end_ms // grid)
        _check_count(last - first)
        return np.arange(first, last + 1, dtype=np.int64) * grid
    edges = _calendar_edges(grid, start_ms, end_ms)
    low = int(np.searchsorted(edges, start_ms, side="right")) - 1
    high = int(np.searchsorted(edges, end_ms, side="left"))
    return edges[low : high + 1]


def offsets_at(zone: str, at_ms: Times) -> Times:
    """How far clocks of the zone are ahead of UTC at the times, in milliseconds."""
    if not len(at_ms):
        return at_ms
    changes_ms, offsets_ms = _offsets(zone, int(at_ms.min()), int(at_ms.max()) + 1)
    return offsets_ms[np.searchsorted(changes_ms, at_ms, side="right") - 1]


@dataclass(frozen=True, slots=True)
class Ruler:
    """Tells in which bucket times lie. `step_ms`: every bucket begins and ends at a multiple of it."""

    step_ms: int
    edges: Times | None = None
    """Beginnings and the last end, where buckets are of unequal length."""

    @classmethod
    def over(cls, grid: Grid, start_ms: int, end_ms: int) -> "Ruler":
        """A ruler for times of the range. Raises ValueError as `edges_of` does."""
        check_grid(grid)
        if isinstance(grid, int):
            return cls(grid)
        edges = edges_of(grid, start_ms, end_ms)
        return cls(int(np.gcd.reduce(edges)) if len(edges) else 1, edges)

    def numbers_of(self, at_ms: Times) -> Times:
        """Numbers that are equal where times lie in the same bucket, and grow with time."""
        if self.edges is None:
            return at_ms // self.step_ms
        return np.searchsorted(self.edges, at_ms, side="right").astype(np.int64) - 1

    def starts_of(self, at_ms: Times) -> Times:
        """When the buckets begin in which the times lie."""
        numbers = self.numbers_of(at_ms)
        return numbers * self.step_ms if self.edges is None else self.edges[numbers]

    def have_one(self, first_ms: int, last_ms: int) -> bool:
        """Whether two times lie in the same bucket."""
        if self.edges is None:
            return first_ms // self.step_ms == last_ms // self.step_ms
        first, last = self.numbers_of(np.array([first_ms, last_ms]))
        return bool(first == last)


def _check_count(count: int) -> None:
    if count > MOST_BUCKETS:
        raise ValueError(f"the range has {count} buckets: allowed are at most {MOST_BUCKETS}")


def _calendar_edges(calendar: Calendar, start_ms: int, end_ms: int) -> Times:
    """Beginnings of the unit from before the range to behind it."""
    # A year and a day more on either side, so that the unit that has the start and the one behind the end are there.
    margin_ms = {Unit.YEAR: 800, Unit.MONTH: 70, Unit.WEEK: 20}.get(calendar.unit, 4) * _DAY_MS
    low_ms, high_ms = start_ms - margin_ms, end_ms + margin_ms
    _check_count((high_ms - low_ms) // _SHORTEST_MS[calendar.unit])
    changes_ms, offsets_ms = _offsets(calendar.zone, low_ms, high_ms)
    if calendar.unit is Unit.HOUR:
        return _hours(changes_ms, offsets_ms, high_ms)
    return _first_shown(_shown(calendar.unit, low_ms, high_ms), changes_ms, offsets_ms)


def _shown(unit: Unit, low_ms: int, high_ms: int) -> Times:
    """What clocks show when a unit begins, as milliseconds since they showed 1970."""
    days = np.array([low_ms // _DAY_MS, high_ms // _DAY_MS + 1], "datetime64[D]")
    match unit:
        case Unit.WEEK:
            # 1970-01-05 was a Monday.
            first, last = (days.astype(np.int64) - 4) // 7
            shown = (np.arange(first, last + 1) * 7 + 4).astype("datetime64[D]")
        case Unit.MONTH | Unit.YEAR:
            kind = "M" if unit is Unit.MONTH else "Y"
            first, last = days.astype(f"datetime64[{kind}]").astype(np.int64)
            shown = np.arange(first, last + 1).astype(f"datetime64[{kind}]").astype("datetime64[D]")
        case _:
            shown = np.arange(days[0], days[1] + 1)
    return shown.astype("datetime64[ms]").astype(np.int64)


def _first_shown(shown: Times, changes_ms: Times, offsets_ms: Times) -> Times:
    """When clocks first show the times or more; the offsets hold from the changes on."""
    never = np.iinfo(np.int64).max
    first = np.full(len(shown), never)
    ends = np.append(changes_ms[1:], never)
    for change, end, offset in zip(changes_ms, ends, offsets_ms, strict=True):
        low, high = np.searchsorted(shown, [change + offset, end + offset if end < never else never])
        at_ms = shown[low:high] - offset
        first[low:high] = np.minimum(first[low:high], at_ms)
        # Those that clocks jump over begin with the jump.
        first[:low] = np.minimum(first[:low], change)
    return np.unique(first)


def _hours(changes_ms: Times, offsets_ms: Times, high_ms: int) -> Times:
    """Where full hours begin, and where clocks change."""
    parts = []
    for change, end, offset in zip(changes_ms, np.append(changes_ms[1:], high_ms), offsets_ms, strict=True):
        first = -(-(change + offset) // _HOUR_MS) * _HOUR_MS - offset
        parts += [np.array([change]), np.arange(first, end, _HOUR_MS)]
    return np.unique(np.concatenate(parts))[1:]


def _offsets(zone: str, low_ms: int, high_ms: int) -> tuple[Times, Times]:
    """When clocks change in the range, beginning with its start, and how far they are ahead of UTC from then on."""
    first_year, last_year = (_year_of(at_ms) for at_ms in (low_ms, high_ms))
    changes = [(low_ms, _offset_at(zone, low_ms))]
    for year in range(max(first_year, _FIRST_YEAR), last_year + 1):
        changes += [change for change in _changes_in(zone, year) if low_ms < change[0] < high_ms]
    columns = np.array(changes, np.int64).T
    return columns[0], columns[1]


def _year_of(at_ms: int) -> int:
    return int(np.datetime64(at_ms, "ms").astype("datetime64[Y]").astype(np.int64)) + 1970


def _day_of_year(year: int) -> int:
    """The day since 1970 with which a year begins."""
    return int(np.datetime64(year - 1970, "Y").astype("datetime64[D]").astype(np.int64))


@lru_cache(maxsize=8192)
def _changes_in(zone: str, year: int) -> tuple[tuple[int, int], ...]:
    """When clocks change in a UTC year, and to which offset."""
    if year > _LAST_YEAR:
        same = year - -(-(year - _LAST_YEAR) // 400) * 400
        later_ms = _day_of_year(year) * _DAY_MS - _day_of_year(same) * _DAY_MS
        return tuple((at_ms + later_ms, offset) for at_ms, offset in _changes_in(zone, same))
    changes: list[tuple[int, int]] = []
    first_day = _day_of_year(year)
    known = _offset_at(zone, first_day * _DAY_MS - 1)
    for day in range(first_day, _day_of_year(year + 1)):
        end_ms = (day + 1) * _DAY_MS - 1
        offset = _offset_at(zone, end_ms)
        if offset != known:
            changes.append((_change_between(zone, day * _DAY_MS - 1, end_ms), offset))
            known = offset
    return tuple(changes)


def _change_between(zone: str, low_ms: int, high_ms: int) -> int:
    """The first millisecond with the offset of `high_ms`, which `low_ms` does not have."""
    offset = _offset_at(zone, high_ms)
    while high_ms - low_ms > 1:
        middle = (low_ms + high_ms) // 2
        if _offset_at(zone, middle) == offset:
            high_ms = middle
        else:
            low_ms = middle
    return high_ms


def _offset_at(zone: str, at_ms: int) -> int:
    """How far clocks of the zone are ahead of UTC, in milliseconds."""
    first_ms, end_ms = (_day_of_year(year) * _DAY_MS for year in (_FIRST_YEAR, _LAST_YEAR + 1))
    if at_ms >= end_ms:
        at_ms = end_ms - _400_YEARS_MS + (at_ms - end_ms) % _400_YEARS_MS
    at_ms = max(at_ms, first_ms)
    offset = (_EPOCH + timedelta(milliseconds=at_ms)).astimezone(ZoneInfo(zone)).utcoffset()
    return offset // timedelta(milliseconds=1) if offset is not None else 0
