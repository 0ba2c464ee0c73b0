"""Capacities: which points of a profile a device does not have, by what it says itself. Pure."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stripchart.drivers.modbus.columns import Index
from stripchart.model.profile import Profile
from stripchart.model.sample import Values


@dataclass(frozen=True, slots=True)
class Capacities:
    """A row for each point that only some devices have: its place, that of the capacity, the least it takes."""

    count: int
    places: Index
    sources: Index
    least: Values

    @classmethod
    def of(cls, profile: Profile) -> "Capacities":
        place_of = {point.key: place for place, point in enumerate(profile.points)}
        rows = [
            (place, place_of[point.capacity.point], point.capacity.number)
            for place, point in enumerate(profile.points)
            if point.capacity is not None
        ]
        columns = np.array(rows, np.int64).reshape(len(rows), 3)
        places, sources = columns[:, 0].astype(np.intp), columns[:, 1].astype(np.intp)
        return cls(len(place_of), places, sources, columns[:, 2].astype(np.float64))

    def absent(self, current: Values) -> npt.NDArray[np.bool_]:
        """Of each point, whether it is beyond its capacity; while that is not known (NaN), it is not."""
        is_absent = np.zeros(self.count, np.bool_)
        is_absent[self.places] = current[self.sources] < self.least
        return is_absent
