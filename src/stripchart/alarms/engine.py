"""What each point was last, by its thresholds. Pure: state and batch in, state out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stripchart.alarms.rules import Bounds, Levels, judged
from stripchart.model.alarm import Thresholds
from stripchart.model.quality import FIRST_BAD
from stripchart.model.sample import PointId, PointIds, SampleBatch, Values

_FIELDS = ("critical_lower", "warning_lower", "warning_upper", "critical_upper", "hysteresis")


@dataclass(frozen=True, slots=True)
class LevelChanges:
    """Points that are something else now than they were before, and the values that made them so (NaN: none)."""

    point_id: PointIds
    before: Levels
    now: Levels
    value: Values

    def __len__(self) -> int:
        return len(self.point_id)


class AlarmEngine:
    """Columns indexed by point id, 43 bytes a point. A point without thresholds is always normal."""

    def __init__(self) -> None:
        self._watched = np.zeros(0, np.bool_)
        self._restored = np.zeros(0, np.bool_)
        self._level = np.zeros(0, np.int8)
        self._bounds = {name: np.zeros(0) for name in _FIELDS}

    def restore(self, levels: Mapping[PointId, int]) -> None:
        """What points were when the program ended; they are judged by that when they are declared."""
        points = np.array(list(levels), np.int32)
        self._reach(int(points.max(initial=-1)) + 1)
        self._level[points], self._restored[points] = list(levels.values()), True

    def declare(self, points: PointIds, thresholds: Sequence[Thresholds | None], values: Values) -> LevelChanges:
        """The thresholds of these points, and their values now (NaN: none).

        A point whose thresholds are other ones is judged anew by its value, as if it had been normal before; one that
        was restored as if it had never ended, and without a value it is what it was.
        """
        self._reach(int(points.max(initial=-1)) + 1)
        bounds = Bounds.of(thresholds)
        restored, has_any = self._restored[points], np.array([each is not None for each in thresholds], np.bool_)
        new = restored.copy()
        for name in _FIELDS:
            column = getattr(bounds, name)
            new |= ~(
                (self._bounds[name][points] == column) | (np.isnan(self._bounds[name][points]) & np.isnan(column))
            )
            self._bounds[name][points] = column
        self._watched[points], self._restored[points] = has_any, False
        return self._judged_anew(points[new], values[new], restored[new] & has_any[new])

    def concerned(self, batch: SampleBatch) -> SampleBatch:
        """The samples that are to be judged. One without a value says nothing: its point is what it was."""
        if not len(batch):
            return batch
        self._reach(int(batch.point_id.max()) + 1)
        rows = np.flatnonzero(self._watched[batch.point_id])
        return batch.where(rows[batch.quality[rows] < FIRST_BAD])

    def judge(self, concerned: SampleBatch) -> LevelChanges:
        """Take in samples that are to be judged, none of a point twice."""
        points, before = concerned.point_id, self._level[concerned.point_id]
        now = judged(concerned.value, self._bounds_of(points), before)
        return self._turned(points, before, now, concerned.value)

    def levels(self, points: PointIds) -> Levels:
        """What the last values of these points were; 0 of unknown ones."""
        self._reach(int(points.max(initial=-1)) + 1)
        return self._level[points]

    def _judged_anew(self, points: PointIds, values: Values, restored: npt.NDArray[np.bool_]) -> LevelChanges:
        known = self._level[points]
        before = np.where(restored, known, np.int8(0))
        now = judged(values, self._bounds_of(points), before)
        return self._turned(points, known, np.where(restored & np.isnan(values), known, now), values)

    def _turned(self, points: PointIds, before: Levels, now: Levels, values: Values) -> LevelChanges:
        self._level[points] = now
        rows = np.flatnonzero(now != before)
        return LevelChanges(points[rows], before[rows], now[rows], values[rows])

    def _bounds_of(self, points: PointIds) -> Bounds:
        return Bounds(*(self._bounds[name][points] for name in _FIELDS))

    def _reach(self, needed: int) -> None:
        have = len(self._watched)
        if needed <= have:
            return
        more = max(needed, have + have // 4) - have
        self._watched = np.append(self._watched, np.zeros(more, np.bool_))
        self._restored = np.append(self._restored, np.zeros(more, np.bool_))
        self._level = np.append(self._level, np.zeros(more, np.int8))
        for name in _FIELDS:
            empty = np.zeros(more) if name == "hysteresis" else np.full(more, np.nan)
            self._bounds[name] = np.append(self._bounds[name], empty)
