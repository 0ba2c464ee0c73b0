"""What each point was last, by its thresholds. Pure: state and batch in, state out."""

from collections.abc import Sequence

import numpy as np

from stripchart.alarms.rules import Bounds, Levels, judged
from stripchart.model.alarm import Thresholds
from stripchart.model.quality import FIRST_BAD
from stripchart.model.sample import PointIds, SampleBatch, Values

_FIELDS = ("critical_lower", "warning_lower", "warning_upper", "critical_upper", "hysteresis")


class AlarmEngine:
    """Columns indexed by point id, 42 bytes a point. A point without thresholds is always normal."""

    def __init__(self) -> None:
        self._watched = np.zeros(0, np.bool_)
        self._level = np.zeros(0, np.int8)
        self._bounds = {name: np.zeros(0) for name in _FIELDS}

    def declare(self, points: PointIds, thresholds: Sequence[Thresholds | None], values: Values) -> None:
        """The thresholds of these points, and their values now (NaN: none).

        A point whose thresholds are other ones is judged anew by its value, as if it had been normal before.
        """
        self._reach(int(points.max(initial=-1)) + 1)
        bounds = Bounds.of(thresholds)
        new = np.zeros(len(points), np.bool_)
        for name in _FIELDS:
            column = getattr(bounds, name)
            new |= ~(
                (self._bounds[name][points] == column) | (np.isnan(self._bounds[name][points]) & np.isnan(column))
            )
            self._bounds[name][points] = column
        self._watched[points] = [each is not None for each in thresholds]
        fresh = points[new]
        self._level[fresh] = judged(values[new], self._bounds_of(fresh), np.zeros(len(fresh), np.int8))

    def concerned(self, batch: SampleBatch) -> SampleBatch:
        """The samples that are to be judged. One without a value says nothing: its point is what it was."""
        if not len(batch):
            return batch
        self._reach(int(batch.point_id.max()) + 1)
        rows = np.flatnonzero(self._watched[batch.point_id])
        return batch.where(rows[batch.quality[rows] < FIRST_BAD])

    def judge(self, concerned: SampleBatch) -> None:
        """Take in samples that are to be judged, none of a point twice."""
        points = concerned.point_id
        self._level[points] = judged(concerned.value, self._bounds_of(points), self._level[points])

    def levels(self, points: PointIds) -> Levels:
        """What the last values of these points were; 0 of unknown ones."""
        self._reach(int(points.max(initial=-1)) + 1)
        return self._level[points]

    def _bounds_of(self, points: PointIds) -> Bounds:
        return Bounds(*(self._bounds[name][points] for name in _FIELDS))

    def _reach(self, needed: int) -> None:
        have = len(self._watched)
        if needed <= have:
            return
        more = max(needed, 2 * have) - have
        self._watched = np.append(self._watched, np.zeros(more, np.bool_))
        self._level = np.append(self._level, np.zeros(more, np.int8))
        for name in _FIELDS:
            empty = np.zeros(more) if name == "hysteresis" else np.full(more, np.nan)
            self._bounds[name] = np.append(self._bounds[name], empty)
