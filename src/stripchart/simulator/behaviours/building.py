"""Rooms behind a T3 controller: temperatures as inputs, valves as outputs, set-points as variables."""

from collections.abc import Mapping, Sequence

import numpy as np

from stripchart.model.block import Block
from stripchart.model.encode import Value
from stripchart.model.point import Table
from stripchart.simulator.behaviours.base import Values
from stripchart.simulator.behaviours.calendar import Calendar
from stripchart.simulator.behaviours.motion import Drift, Random, approach

PROFILE = "temco-t3"

_ROOMS, _OUTPUTS = 8, 64
_CELSIUS_IN, _HUMIDITY_IN, _CO2_IN = 3, 27, 28
"""Range codes of inputs: 10K thermistor, % RH, ppm."""
_PERCENT_OUT, _CELSIUS_VAR, _KWH_VAR = 4, 1, 10
_KWH_A_DAY = 110.0
_SETTLES_MIN = 60
_UNOCCUPIED_OCCUPIED, _OFF_ON = 10, 1
"""Range codes of digital points whose word 1 is the active state."""


class _Room:
    """Loses heat to the outside and wins it from a valve that a controller moves."""

    def __init__(self, random: Random) -> None:
        self.setpoint_c = 20.0 + float(random.integers(0, 6)) / 2
        self.temperature_c = self.setpoint_c + float(random.uniform(-2, 1))
        self.valve_pct = 30.0
        self.held_pct: float | None = None
        self.is_occupied = bool(random.random() < 0.6)
        self._gains_c = Drift(random, 1.0, 0.5, 300)
        self._random = random

    def advance(self, seconds: float, outside_c: float, calendar: Calendar | None = None) -> None:
        if seconds and self._random.random() < seconds * self._turns_per_s(calendar):
            self.is_occupied = not self.is_occupied
        error = self.setpoint_c - self.temperature_c
        wanted_pct = max(0.0, min(100.0, 40 + 45 * error))
        self.valve_pct = approach(self.valve_pct, wanted_pct, seconds, 20) if self.held_pct is None else self.held_pct
        gains = self._gains_c.advance(seconds) + (1.5 if self.is_occupied else 0.0)
        balance = outside_c + gains + 0.3 * self.valve_pct
        self.temperature_c = approach(self.temperature_c, balance, seconds, 900)

    def _turns_per_s(self, calendar: Calendar | None) -> float:
        """How likely somebody comes, or the last one goes, in a second."""
        if calendar is None:
            return 1 / 1500
        if calendar.is_work:
            return 1 / 5400 if self.is_occupied else 1 / 1800
        return 1 / 1200 if self.is_occupied else 0.0

    def settle(self) -> None:
        """Nobody is in, and has not been for long."""
        self.is_occupied, self.temperature_c = False, self.setpoint_c - 0.3


class Building:
    """Rooms 1 to 8: `in1`-`in8` their temperatures, `out1`-`out8` valves, `var1`-`var8` set-points.

    `in9`-`in16` say who is in, `in17` the outside temperature, `in18` humidity, `in19` CO2; `out9` is the fan,
    `var9` whether the plant is enabled, `var10` its energy. The set-points and `var9` are in manual, for operators.
    What is put in manual stays as it is, or as a client writes it; a valve moves there.
    """

    extra: Sequence[Block] = ()

    def __init__(self, seed: int, calendar: Calendar | None = None) -> None:
        random = np.random.default_rng(seed)
        self._rooms = [_Room(random) for _ in range(_ROOMS)]
        self._outside_c = Drift(random, 8.0, 2.5, 1500)
        self._humidity = Drift(random, 45.0, 3.0, 400)
        self._co2 = Drift(random, 700.0, 60.0, 200)
        self._is_enabled = True
        self._manual = {f"var{number}" for number in range(1, _ROOMS + 2)}
        self._kwh = float(random.integers(1000, 9000))
        self._serial = int(random.integers(1, 1 << 31))
        self._calendar = calendar
        if calendar:
            for room in self._rooms:
                room.settle()
            for _ in range(_SETTLES_MIN):
                self.pass_time(60)
            self._kwh += calendar.age_days * _KWH_A_DAY
            calendar.reseed(random)

    @property
    def tallies(self) -> list[float]:
        """The energy: see `Tallied`."""
        return [self._kwh]

    @tallies.setter
    def tallies(self, tallies: Sequence[float]) -> None:
        (self._kwh,) = tallies

    def pass_time(self, seconds: float) -> None:
        if self._calendar:
            self._follow(self._calendar)
        outside_c = self._outside_c.advance(seconds)
        self._humidity.advance(seconds)
        self._co2.advance(seconds)
        for room in self._rooms:
            room.advance(seconds, outside_c, self._calendar)
        self._kwh += sum(room.valve_pct for room in self._rooms) / 100 * seconds / 3600

    def advance(self, seconds: float) -> Mapping[str, Value]:
        self.pass_time(seconds)
        values = {**self._plant_values(), **self._room_values()}
        if seconds:
            values = {key: value for key, value in values.items() if key not in self._manual}
        return values if seconds else {**self._configuration(), **values}

    def _follow(self, calendar: Calendar) -> None:
        """The air outside follows the day, that inside who is in."""
        people = sum(room.is_occupied for room in self._rooms)
        self._outside_c.mean, self._outside_c.spread = 9 + 4.5 * calendar.warmth + 3 * calendar.weather, 0.6
        self._humidity.mean = 47 - 5 * calendar.warmth + 0.8 * people
        self._co2.mean, self._co2.spread = 450 + 70 * people, 25

    def written(self, table: Table, start: int, values: Sequence[int]) -> None:
        return

    def told(self, key: str, value: Value) -> None:
        if not isinstance(value, float):
            return
        point = key.removesuffix("_manual")
        if point != key:
            (self._manual.add if value else self._manual.discard)(point)
        if key == "var9":
            self._is_enabled = value != 0
        for number, room in enumerate(self._rooms, 1):
            if key == f"var{number}":
                room.setpoint_c = value
            if key == f"out{number}" and key in self._manual:
                room.held_pct = value
            if key == f"out{number}_manual":
                room.held_pct = room.valve_pct if value else None

    def _room_values(self) -> Values:
        values: Values = {}
        for number, room in enumerate(self._rooms, 1):
            values[f"in{number}"] = room.temperature_c
            values[f"in{number + _ROOMS}"] = float(room.is_occupied)
            values[f"out{number}"] = room.valve_pct
            values[f"var{number}"] = room.setpoint_c
        return values

    def _plant_values(self) -> Values:
        return {
            "in17": self._outside_c.value,
            "in18": self._humidity.value,
            "in19": self._co2.value,
            "out9": float(self._is_enabled and any(room.is_occupied for room in self._rooms)),
            "var9": float(self._is_enabled),
            "var10": self._kwh,
        }

    def _configuration(self) -> Values:
        """Kinds, ranges and identity: set once, as by the person who commissioned the controller."""
        values: Values = {f"serial_byte_{place}": float(self._serial >> 8 * place & 0xFF) for place in range(4)}
        values |= {f"{key}_manual": 1.0 for key in sorted(self._manual)}
        values |= {f"out{number}_switch": 1.0 for number in range(1, _OUTPUTS + 1)}
        values |= {"firmware_low": 64.0, "firmware_high": 5.0, "product_id": 88.0, "panel_number": 1.0}
        values |= {"max_inputs": 64.0, "max_outputs": 64.0, "max_variables": 128.0}
        for number in range(1, _ROOMS + 1):
            values |= _kind(f"in{number}", 1, _CELSIUS_IN)
            values |= _kind(f"in{number + _ROOMS}", 0, _UNOCCUPIED_OCCUPIED)
            values |= _kind(f"out{number}", 1, _PERCENT_OUT)
            values |= _kind(f"var{number}", 1, _CELSIUS_VAR)
        for key, analog, code in (
            ("in17", 1, _CELSIUS_IN),
            ("in18", 1, _HUMIDITY_IN),
            ("in19", 1, _CO2_IN),
            ("out9", 0, _OFF_ON),
            ("var9", 0, _OFF_ON),
            ("var10", 1, _KWH_VAR),
        ):
            values |= _kind(key, analog, code)
        return values


def _kind(key: str, analog: int, code: int) -> Values:
    return {f"{key}_analog": float(analog), f"{key}_range": float(code)}
