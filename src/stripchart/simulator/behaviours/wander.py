"""The fallback for any profile: analog values wander inside their range, counters count, states seldom change."""

from collections.abc import Mapping, Sequence

import numpy as np

from stripchart.model.block import Block
from stripchart.model.encode import Value, encode
from stripchart.model.point import DataType, Point
from stripchart.model.profile import Profile
from stripchart.simulator.behaviours.base import Unheard, Values
from stripchart.simulator.behaviours.motion import Drift
from stripchart.simulator.decode import decode

_BITFIELDS = {DataType.BITFIELD16, DataType.BITFIELD32}
_ENUMS = {DataType.ENUM16, DataType.ENUM32}
_TOGGLE_EACH_S = 900.0
_ENUM_EACH_S = 400.0
_DEFAULT_RANGE = (0.0, 100.0)
_SCALE_FACTOR = -1.0


class Wander(Unheard):
    """Moves each point by what the profile says of it. What a client writes stays as written."""

    extra: Sequence[Block] = ()

    def __init__(self, profile: Profile, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._sources = {point.scale_factor for point in profile.points if point.scale_factor}
        self._whens = {point.scale_when.point: point for point in profile.points if point.scale_when}
        self._points = profile.points
        self._values: Values = {}
        self._drifts: dict[str, Drift] = {}
        for point in profile.points:
            self._values[point.key] = self._first(point)

    def advance(self, seconds: float) -> Mapping[str, Value]:
        self.pass_time(seconds)
        return self._values

    def pass_time(self, seconds: float) -> None:
        for point in self._points:
            if not (point.writable or point.key in self._sources or point.key in self._whens):
                self._values[point.key] = self._moved(point, seconds)

    def told(self, key: str, value: Value) -> None:
        self._values[key] = value

    def _first(self, point: Point) -> Value:
        if point.type is DataType.STRING:
            return point.key.upper()[: 2 * point.registers]
        if point.key in self._sources:
            return _SCALE_FACTOR
        if point.key in self._whens:
            return _other_than(self._whens[point.key])
        if point.counter:
            return float(self._random.integers(0, 1000))
        if _is_state(point):
            return self._some_code(point)
        low, high = _range(point)
        self._drifts[point.key] = Drift(self._random, (low + high) / 2, (high - low) / 10, 120)
        return (low + high) / 2

    def _moved(self, point: Point, seconds: float) -> Value:
        value = self._values[point.key]
        if point.key in self._drifts:
            return self._drifts[point.key].advance(seconds)
        if point.counter and isinstance(value, float):
            grown = value + seconds * float(self._random.uniform(0, 0.2))
            return grown % point.counter.rollover if point.counter.rollover else grown
        each_s = _TOGGLE_EACH_S if point.type is DataType.BOOL else _ENUM_EACH_S
        if _is_state(point) and self._random.random() < seconds / each_s:
            return self._some_code(point)
        return value

    def _some_code(self, point: Point) -> float:
        if point.type in _BITFIELDS:
            return 0.0
        codes = sorted(point.labels) or [0, 1]
        return float(codes[int(self._random.integers(len(codes)))])


def _is_state(point: Point) -> bool:
    return point.type in _BITFIELDS | _ENUMS | {DataType.BOOL} or point.table.is_bits or bool(point.labels)


def _other_than(point: Point) -> float:
    """What the point's source holds while the point has its usual scale."""
    return 1.0 if point.scale_when and point.scale_when.equals == 0 else 0.0


def _range(point: Point) -> tuple[float, float]:
    """Where the point may wander: its valid range, as far as its type reaches."""
    low, high = _DEFAULT_RANGE
    if point.valid:
        low = point.valid.low if point.valid.low is not None else min(low, (point.valid.high or 0.0) - 1)
        high = point.valid.high if point.valid.high is not None else max(high, low + 1)
    reached = [decode(point, encode(point, end, other=_SCALE_FACTOR), other=_SCALE_FACTOR) for end in (low, high)]
    ends = [end for end in reached if isinstance(end, float)]
    return (min(ends), max(ends)) if len(ends) == 2 else (low, high)
