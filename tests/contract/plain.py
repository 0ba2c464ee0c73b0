"""What a historian should answer, found the slow and plain way: sample by sample, millisecond by millisecond."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.contract.historians import Row

Samples = list[tuple[int, float | None]]
"""Times and values of a point, oldest first."""


@dataclass(frozen=True)
class Plain:
    """All samples, of which the last one stored for a point and time counts."""

    kept: dict[tuple[int, int], float | None]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Plain":
        return cls({(point, at_ms): value for point, at_ms, value in rows})

    def samples(self, point: int, start_ms: int, end_ms: int) -> Samples:
        own = [(at_ms, value) for (each, at_ms), value in self.kept.items() if each == point]
        return sorted(sample for sample in own if start_ms <= sample[0] < end_ms)

    def in_force(self, point: int, at_ms: int) -> tuple[int, float | None] | None:
        older = self.samples(point, -(10**15), at_ms + 1)
        return older[-1] if older else None

    def value_at(self, point: int, at_ms: int) -> float | None:
        """The value in force; None where there is none, or the newest sample is bad."""
        found = self.in_force(point, at_ms)
        return found[1] if found else None

    def held(self, point: int, start_ms: int, end_ms: int) -> list[float]:
        """The values in force at the milliseconds of a span at which there was one."""
        values = (self.value_at(point, at_ms) for at_ms in range(start_ms, end_ms))
        return [value for value in values if value is not None]

    def delta(
        self, point: int, span: tuple[int, int], bucket: tuple[int, int], rollover: float | None
    ) -> float | None:
        """How far a counter went in the part of a bucket that lies in the range."""
        low_ms, high_ms = max(span[0], bucket[0]), min(span[1], bucket[1])
        known = [sample for sample in self.samples(point, -(10**15), high_ms) if sample[1] is not None]
        inside = [at_ms for at_ms, _ in known if at_ms >= low_ms]
        if not inside and not self.held(point, low_ms, high_ms):
            return None
        return sum(
            _step(before or 0.0, value or 0.0, rollover)
            for (_, before), (at_ms, value) in pairwise(known)
            if at_ms >= low_ms
        )


def _step(before: float, value: float, rollover: float | None) -> float:
    if value >= before:
        return value - before
    if rollover and before - value > rollover / 2:
        return value - before + rollover
    return value if 0 <= value < before / 2 else value - before


def start_of(at_ms: int, unit: str, zone: str) -> int:
    """When the hour, day, week, month or year of the zone began in which a time lies."""
    clocks = ZoneInfo(zone)
    shown = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms)).astimezone(clocks)
    if unit == "hour":
        return _start_of_hour(at_ms // 60_000, clocks) * 60_000
    day = {"day": shown.day, "week": shown.day, "month": 1, "year": 1}[unit]
    start = datetime(shown.year, 1 if unit == "year" else shown.month, day)  # noqa: DTZ001 - what clocks show
    if unit == "week":
        start -= timedelta(days=shown.weekday())
    return round(start.replace(tzinfo=clocks).timestamp() * 1000)


def _start_of_hour(minute: int, clocks: ZoneInfo) -> int:
    """The first minute with the same hour and offset."""

    def shown(minute: int) -> tuple[int, timedelta | None]:
        moment = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)).astimezone(clocks)
        return moment.hour, moment.utcoffset()

    first = minute
    while shown(first - 1) == shown(minute):
        first -= 1
    return first
