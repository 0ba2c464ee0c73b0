"""The load of a feeder: a swing or a day's work, drifting noise, and a power factor. Pure."""

import math

from stripchart.simulator.behaviours.calendar import Calendar
from stripchart.simulator.behaviours.motion import Drift, Random
from stripchart.simulator.behaviours.three_phase import ThreePhase, reactive, three_phase

_SWING_S = 1200.0
_QUIETEST, _SWINGS = -0.5, 0.85
"""Of a feeder in a plant with a calendar: what its load is more than its mean, at night and beside that by day."""


class Feeder:
    """A three-phase load of about `mean_kw`."""

    def __init__(
        self, random: Random, mean_kw: float, line_v: float = 400.0, calendar: Calendar | None = None
    ) -> None:
        self._calendar = calendar
        self._mean_kw = mean_kw
        self._now_s = float(random.uniform(0, _SWING_S))
        self._noise = Drift(random, 0.0, 0.04, 30)
        self._power_factor = Drift(random, 0.92, 0.012, 200)
        self._volts = Drift(random, line_v, line_v * 0.003, 60)
        self._hertz = Drift(random, 50.0, 0.015, 30)
        self._now: ThreePhase | None = None

    def advance(self, seconds: float) -> None:
        self._now_s += seconds
        for drift in (self._noise, self._power_factor, self._volts, self._hertz):
            drift.advance(seconds)
        self._now = None

    @property
    def now(self) -> ThreePhase:
        """What flows now."""
        self._now = self._now or self._state()
        return self._now

    def _state(self) -> ThreePhase:
        if self._calendar:
            swing = _QUIETEST + _SWINGS * self._calendar.busy
        else:
            swing = 0.3 * math.sin(2 * math.pi * self._now_s / _SWING_S)
        p = self._mean_kw * (1 + swing + self._noise.value)
        q = reactive(p, self._power_factor.value)
        return three_phase(self._volts.value, self._hertz.value, p, q, decimals=4)
