"""From when on samples, and what they come to, are kept. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from stripchart.model.sample import PointId, PointIds, Times

EVER_MS = -(2**62)
"""A horizon before all samples: nothing goes."""
NEVER_MS = 2**62
"""A horizon behind all samples: everything goes."""
DAY_MS = 86_400_000


class Horizon(NamedTuple):
    """UTC milliseconds, each no later than the one before it.

    Samples before `raw_ms` are read no more, but tell what whole minutes, hours and days came to. Before `minute_ms`
    only whole hours and days are told, before `rollup_ms` nothing.
    """

    raw_ms: int = EVER_MS
    minute_ms: int = EVER_MS
    rollup_ms: int = EVER_MS

    def of_buckets(self, bucket_ms: int) -> int:
        """From when on buckets of this length are told."""
        if bucket_ms % 3_600_000 == 0:
            return self.rollup_ms
        return self.minute_ms if bucket_ms % 60_000 == 0 else self.raw_ms


KEEP_ALL = Horizon()
GONE = Horizon(NEVER_MS, NEVER_MS, NEVER_MS)


@dataclass(frozen=True, slots=True)
class Horizons:
    """The horizon of each point: `default`, but for the points of `point_id` (ascending) that in the columns."""

    default: Horizon
    point_id: PointIds
    raw_ms: Times
    minute_ms: Times
    rollup_ms: Times

    @classmethod
    def of(cls, default: Horizon, own: Iterable[tuple[int, Horizon]] = ()) -> "Horizons":
        """Of several horizons of one point the last counts. Raises ValueError when one is not in order."""
        rows = dict(own)
        points = sorted(rows)
        columns = np.array([rows[point] for point in points], np.int64).reshape(len(points), 3).T.copy()
        horizons = cls(default, np.array(points, np.int32), *columns)
        in_order = bool(np.all((columns[0] >= columns[1]) & (columns[1] >= columns[2])))
        if not in_order or not default.raw_ms >= default.minute_ms >= default.rollup_ms:
            raise ValueError("a horizon: roll-ups are kept at least as long as what they sum up")
        return horizons

    def with_gone(self, points: Iterable[int]) -> "Horizons":
        """The same, where nothing of these points is kept."""
        return Horizons.of(self.default, [*self.own(), *((point, GONE) for point in points)])

    def not_before(self, floor_ms: int) -> "Horizons":
        """The same, where nothing at all is kept before the floor."""
        if floor_ms == EVER_MS:
            return self
        default = Horizon(*(max(each, floor_ms) for each in self.default))
        columns = (np.maximum(each, floor_ms) for each in (self.raw_ms, self.minute_ms, self.rollup_ms))
        return Horizons(default, self.point_id, *columns)

    def is_same(self, other: "Horizons") -> bool:
        """Whether the horizon of every point is the same."""
        columns = ("point_id", "raw_ms", "minute_ms", "rollup_ms")
        return self.default == other.default and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in columns
        )

    def own(self) -> Iterable[tuple[int, Horizon]]:
        """The points that have a horizon of their own."""
        columns = (self.raw_ms.tolist(), self.minute_ms.tolist(), self.rollup_ms.tolist())
        return zip(self.point_id.tolist(), (Horizon(*row) for row in zip(*columns, strict=True)), strict=True)

    def at(self, point: PointId | int) -> Horizon:
        """The horizon of a point."""
        row = int(np.searchsorted(self.point_id, point))
        if row == len(self.point_id) or self.point_id[row] != point:
            return self.default
        return Horizon(int(self.raw_ms[row]), int(self.minute_ms[row]), int(self.rollup_ms[row]))

    def raw_of(self, points: PointIds) -> Times:
        """From when on samples of the points are read, in their order."""
        return self._of(points, self.raw_ms, self.default.raw_ms)

    def rollup_of(self, points: PointIds) -> Times:
        """From when on anything of the points is kept, in their order."""
        return self._of(points, self.rollup_ms, self.default.rollup_ms)

    @property
    def oldest_ms(self) -> int:
        """Before this nothing of any point is kept."""
        return min(self.default.rollup_ms, int(self.rollup_ms.min(initial=NEVER_MS)))

    @property
    def newest_ms(self) -> int:
        """From this on everything of every point is kept."""
        return max(self.default.raw_ms, int(self.raw_ms.max(initial=EVER_MS)))

    def _of(self, points: PointIds, own: Times, default: int) -> Times:
        if not len(self.point_id):
            return np.full(len(points), default, np.int64)
        rows = np.minimum(np.searchsorted(self.point_id, points), len(self.point_id) - 1)
        return np.where(self.point_id[rows] == points, own[rows], default)


KEEP_EVERYTHING = Horizons.of(KEEP_ALL)
