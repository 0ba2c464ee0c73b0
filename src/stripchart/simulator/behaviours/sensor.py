"""A sensor with one value: a temperature, a pressure or a flow."""

from collections.abc import Mapping, Sequence

import numpy as np

from stripchart.model.block import Block
from stripchart.model.encode import Value
from stripchart.simulator.behaviours.base import Unheard
from stripchart.simulator.behaviours.motion import Drift

PROFILE = "ddms-sensor"

_RANGES = ((20.0, 30.0), (100.0, 110.0), (50.0, 60.0))
"""Degrees Celsius, psi, litres a minute."""


class Sensor(Unheard):
    """The value stays inside its range; `place` chooses temperature (0), pressure (1) or flow (2), and so on."""

    extra: Sequence[Block] = ()

    def __init__(self, seed: int, place: int) -> None:
        low, high = _RANGES[place % len(_RANGES)]
        self._value = Drift(np.random.default_rng(seed), (low + high) / 2, (high - low) / 6.2, 90)

    def advance(self, seconds: float) -> Mapping[str, Value]:
        return {"value": self._value.advance(seconds)}
