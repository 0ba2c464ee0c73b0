"""Values that come from outside: all of a batch are right, or none is taken and each that is wrong is named."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from stripchart.api.complaints import FieldErrorOut, about
from stripchart.api.errors import ApiError
from stripchart.api.parts import Parts
from stripchart.api.t3000.addressing import entry_of, place_of
from stripchart.catalog.roster import RosterEntry
from stripchart.model.point import DataType, Point
from stripchart.model.point_address import PointType
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, PointIds, SampleBatch, Times
from stripchart.model.time import Clock

_AHEAD_S = 300
"""Clocks differ; what lies further ahead would be the newest value until then."""
_MOST_NAMED = 100


@dataclass(slots=True)
class Incoming:
    """Takes values one after another. `of` raises what is wrong with any of them."""

    clock: Clock
    ids: list[int] = field(default_factory=list)
    times_ms: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    wrong: list[FieldErrorOut] = field(default_factory=list)

    def take(self, where: str, point: Point, id_: PointId, at_ms: int, value: float) -> None:
        """A value of a point; `where` says which of the batch it is."""
        if problem := _problem(point, value):
            self.refuse(f"{where}.value", problem)
        elif at_ms > self.clock.now_ms() + _AHEAD_S * 1000:
            self.refuse(f"{where}.timestamp", f"{at_ms // 1000} lies ahead; allowed is up to {_AHEAD_S} s from now")
        self.ids.append(id_)
        self.times_ms.append(at_ms)
        self.values.append(value)

    def refuse(self, where: str, problem: str) -> None:
        self.wrong.append(about(where, problem))

    def batch(self, kept_from_ms: Callable[[PointIds], Times], where: str = "") -> SampleBatch:
        """All values as samples. Raises ApiError naming all that are wrong: those too old to be kept, too."""
        ids, at_ms = np.array(self.ids, np.int32), np.array(self.times_ms, np.int64)
        for row in np.flatnonzero(at_ms < kept_from_ms(ids)).tolist():
            self.refuse(
                f"{where}{row}.timestamp", f"{self.times_ms[row] // 1000} is older than what is kept of this point"
            )
        if self.wrong:
            first, others = self.wrong[0], len(self.wrong) - 1
            more = f", and {others} more" if others else ""
            error = ApiError(422, "invalid_value", f"{first.field}: {first.message}{more}; nothing was taken")
            error.fields = self.wrong[:_MOST_NAMED]
            raise error
        return SampleBatch(ids, at_ms, np.array(self.values, np.float64), np.full(len(ids), Quality.GOOD, np.uint8))


def _problem(point: Point, value: float) -> str | None:
    """What is wrong with the value, if anything is."""
    if point.type is DataType.STRING:
        return f"{point.key} is a text: allowed are points that are numbers"
    if point.type is DataType.BOOL and value not in {0, 1}:
        return f"{value:g} of {point.key}: allowed are 0 and 1"
    low, high = (point.valid.low, point.valid.high) if point.valid else (None, None)
    if (low is not None and value < low) or (high is not None and value > high):
        ends = f"{'-' if low is None else f'{low:g}'} to {'-' if high is None else f'{high:g}'}"
        return f"{value:g} of {point.key}: allowed are {ends}"
    return None


class Finder:
    """Finds points by address, each device and point once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._entries: dict[int, RosterEntry] = {}
        self._places: dict[tuple[int, int, int], tuple[Point, PointId, str]] = {}

    def point(self, device_id: int, type_: PointType, number: int) -> tuple[Point, PointId, str]:
        """The point, its id and its key. Raises ApiError."""
        asked = device_id, int(type_), number
        found = self._places.get(asked)
        if found is None:
            entry = self._entries.get(device_id)
            if entry is None:
                entry = self._entries[device_id] = entry_of(self._parts, device_id)
            place = place_of(entry, type_, number, status=422)
            point = entry.points[place]
            found = self._places[asked] = point, PointId(int(entry.point_ids[place])), point.key
        return found
