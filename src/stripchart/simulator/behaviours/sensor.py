"""A sensor with one value: a temperature, a pressure or a flow."""

from collections.abc import Mapping, Sequence

import numpy as np

from stripchart.model.block import Block
from stripchart.model.encode import Value
from stripchart.simulator.behaviours.base import Unheard
from stripchart.simulator.behaviours.calendar import Calendar
from stripchart.simulator.behaviours.motion import Drift

PROFILE = "ddms-sensor"

_RANGES = ((20.0, 30.0), (100.0, 110.0), (50.0, 60.0))
"""Degrees Celsius, psi, litres a minute."""

_BY_DAY = 0.35
"""How far the value moves from its middle in the course of a day, as a share of its range."""


class Sensor(Unheard):
    """The value stays inside its range; `place` chooses temperature (0), pressure (1) or flow (2), and so on."""

    extra: Sequence[Block] = ()

    def __init__(self, seed: int, place: int, calendar: Calendar | None = None) -> None:
        low, high = _RANGES[place % len(_RANGES)]
        random = np.random.default_rng(seed)
        self._value = Drift(random, (low + high) / 2, (high - low) / 6.2, 90)
        self._calendar, self._place = calendar, place
        if calendar:
            self._value = Drift(random, (low + high) / 2, (high - low) / 30, 900)
            self._by_day = (high - low) * _BY_DAY
            calendar.reseed(random)

    def pass_time(self, seconds: float) -> None:
        self._value.advance(seconds)

    def advance(self, seconds: float) -> Mapping[str, Value]:
        self.pass_time(seconds)
        value = self._value.value
        if self._calendar is None:
            return {"value": value}
        is_temperature = self._place % len(_RANGES) == 0
        moved = self._calendar.warmth if is_temperature else 2 * self._calendar.busy - 1
        return {"value": value + self._by_day * moved}
