"""What time of which day it is in a plant, and what that means for its load, its people, its sun and its weather."""

import math
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Self

import numpy as np

from stripchart.simulator.behaviours.motion import Random

DAY_S = 86_400.0
HASTY_DAY_S = 3600.0
"""A day of a plant that is shown live, in plant time."""

DAY_BEGINS_H = 3
"""The hour at which a plant's day begins: nobody is in, nothing is about to happen."""

_FIRST_WEEKDAY = 3
"""1970-01-01 was a Thursday."""

_SATURDAY, _SUNDAY = 5, 6
_BUSY_OF_WEEKEND = {_SATURDAY: 0.4, _SUNDAY: 0.15}
_SUNRISE_H, _SUNSET_H = 6.0, 20.0
_WARMEST_H = 15.0
_WORK_BEGINS_H, _WORK_ENDS_H = 7.0, 18.0

_BUSY_BY_HOUR = (
    (0, 0.06), (3, 0.0), (5, 0.05), (6, 0.2), (7.5, 0.75), (9, 0.95), (10.5, 1.0), (12, 0.88), (12.7, 0.66),
    (13.5, 0.92), (15, 0.97), (16.5, 0.82), (18, 0.5), (20, 0.34), (22, 0.16), (24, 0.06),
)  # fmt: skip
_HOURS, _BUSY = zip(*_BUSY_BY_HOUR, strict=True)


class Calendar:
    """Calm at first, when a day lasts a day. Once `hasten` is called a day lasts an hour, and much happens in it.

    `day`: days since 1970 began in the plant's own time zone, with what has passed of the present one. `age_days`:
    how long ago the plant was as old as it is without a calendar.
    """

    def __init__(self, at_ms: int, *, utc_offset_s: float = 0.0, age_days: float = 0.0) -> None:
        self.day = (at_ms / 1000 + utc_offset_s) / DAY_S
        self.age_days = age_days
        self.is_calm = True

    @classmethod
    def at_dawn(cls, number: int, *, age_days: float = 0.0) -> Self:
        """The beginning of the day of this number."""
        return cls(round((number * DAY_S + DAY_BEGINS_H * 3600) * 1000), age_days=age_days)

    @property
    def number(self) -> int:
        """The number of the day, which begins at `DAY_BEGINS_H`."""
        return math.floor(self.day - DAY_BEGINS_H / 24)

    @property
    def hour(self) -> float:
        return self.day % 1 * 24

    @property
    def clock(self) -> datetime:
        """What a clock on the wall shows, as if it were UTC."""
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=self.day)

    @property
    def busy(self) -> float:
        """How much of the load that comes and goes there is, 0 to 1."""
        hour = self.hour
        after = bisect_right(_HOURS, hour)
        passed = (hour - _HOURS[after - 1]) / (_HOURS[after] - _HOURS[after - 1])
        share: float = _BUSY[after - 1] + (_BUSY[after] - _BUSY[after - 1]) * passed
        return share * _BUSY_OF_WEEKEND.get(self._weekday, 1.0)

    @property
    def is_work(self) -> bool:
        """Whether people are in."""
        return self._weekday < _SATURDAY and _WORK_BEGINS_H <= self.hour < _WORK_ENDS_H

    @property
    def sun(self) -> float:
        """How high the sun is: 0 at night, 1 at noon."""
        return max(0.0, math.sin(math.pi * (self.hour - _SUNRISE_H) / (_SUNSET_H - _SUNRISE_H)))

    @property
    def warmth(self) -> float:
        """-1 when the day is coldest, 1 when it is warmest."""
        return math.cos(2 * math.pi * (self.hour - _WARMEST_H) / 24)

    @property
    def weather(self) -> float:
        """-1 on a dull, cold day, 1 on a fine one; it turns in the course of days."""
        number = math.floor(self.day)
        passed = (1 - math.cos(math.pi * (self.day - number))) / 2
        return (1 - passed) * _fineness(number) + passed * _fineness(number + 1)

    def advance(self, seconds: float) -> None:
        self.day += seconds / (DAY_S if self.is_calm else HASTY_DAY_S)

    def hasten(self) -> None:
        """From now on a day lasts an hour."""
        self.is_calm = False

    def reseed(self, random: Random) -> None:
        """Make what is drawn from now on that of this day alone, however it was drawn before."""
        seed = int(random.integers(1 << 32))
        random.bit_generator.state = np.random.default_rng((seed, self.number)).bit_generator.state

    @property
    def _weekday(self) -> int:
        """0 is Monday."""
        return (math.floor(self.day) + _FIRST_WEEKDAY) % 7


@cache
def _fineness(number: int) -> float:
    return float(np.random.default_rng(number).uniform(-1, 1))
