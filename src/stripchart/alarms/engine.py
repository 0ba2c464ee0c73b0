"""What each point was last, by its thresholds. Pure: state and batch in, state out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stripchart.alarms.rules import Bounds, Levels, judged
from stripchart.model.alarm import Thresholds
from stripchart.model.point_table import NO_ROW, PointTable, Rows
from stripchart.model.quality import FIRST_BAD
from stripchart.model.sample import PointId, PointIds, SampleBatch, Values

_BOUNDS = ("critical_lower", "warning_lower", "warning_upper", "critical_upper", "hysteresis")


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
    """Keeps what each point with thresholds is. A point without is always normal."""

    def __init__(self) -> None:
        fields = [("watched", np.bool_), ("restored", np.bool_), ("level", np.int8)]
        bounds = [(name, np.float64) for name in _BOUNDS]
        self._points = PointTable([*fields, *bounds], blank=(False, False, 0, np.nan, np.nan, np.nan, np.nan, 0.0))

    def restore(self, levels: Mapping[PointId, int]) -> None:
        """What points were when the program ended; they are judged by that when they are declared."""
        rows = self._points.add(np.array(list(levels), np.int32))
        self._points["level"][rows], self._points["restored"][rows] = list(levels.values()), True

    def declare(self, points: PointIds, thresholds: Sequence[Thresholds | None], values: Values) -> LevelChanges:
        """The thresholds of these points, and their values now (NaN: none).

        A point whose thresholds are other ones is judged anew by its value, as if it had been normal before; one that
        was restored as if it had never ended, and without a value it is what it was.
        """
        has_any = np.array([each is not None for each in thresholds], np.bool_)
        concerned = np.flatnonzero(has_any | (self._points.rows(points) != NO_ROW))
        has_any, points, values = has_any[concerned], points[concerned], values[concerned]
        rows = self._points.add(points)
        restored = self._points["restored"][rows]
        new = restored | self._set_bounds(rows, Bounds.of([thresholds[place] for place in concerned.tolist()]))
        self._points["watched"][rows], self._points["restored"][rows] = has_any, False
        return self._judged_anew(points[new], rows[new], values[new], restored[new] & has_any[new])

    def concerned(self, batch: SampleBatch) -> SampleBatch:
        """The samples that are to be judged. One without a value says nothing: its point is what it was."""
        rows = self._points.rows(batch.point_id)
        found = np.flatnonzero(rows != NO_ROW)
        return batch.where(found[self._points["watched"][rows[found]] & (batch.quality[found] < FIRST_BAD)])

    def judge(self, concerned: SampleBatch) -> LevelChanges:
        """Take in samples that are to be judged, none of a point twice."""
        rows = self._points.rows(concerned.point_id)
        before = self._points["level"][rows]
        now = judged(concerned.value, self._bounds_of(rows), before)
        return self._turned(concerned.point_id, rows, now, concerned.value)

    def assume(self, points: PointIds, levels: Sequence[int]) -> None:
        """Somebody else judges these points: those that have thresholds here are what they are there."""
        rows = self._points.rows(points)
        known = np.flatnonzero(rows != NO_ROW)
        known = known[self._points["watched"][rows[known]]]
        self._points["level"][rows[known]] = np.array(levels, np.int8)[known]

    def levels(self, points: PointIds) -> Levels:
        """What the last values of these points were; 0 of unknown ones."""
        rows = self._points.rows(points)
        levels: Levels = np.zeros(len(points), np.int8)
        levels[rows != NO_ROW] = self._points["level"][rows[rows != NO_ROW]]
        return levels

    def _set_bounds(self, rows: Rows, bounds: Bounds) -> npt.NDArray[np.bool_]:
        """Which of them are other ones than before."""
        differs = np.zeros(len(rows), np.bool_)
        for name in _BOUNDS:
            before, now = self._points[name][rows], getattr(bounds, name)
            differs |= ~((before == now) | (np.isnan(before) & np.isnan(now)))
            self._points[name][rows] = now
        return differs

    def _judged_anew(
        self, points: PointIds, rows: Rows, values: Values, restored: npt.NDArray[np.bool_]
    ) -> LevelChanges:
        known = self._points["level"][rows]
        now = judged(values, self._bounds_of(rows), np.where(restored, known, np.int8(0)))
        return self._turned(points, rows, np.where(restored & np.isnan(values), known, now), values)

    def _turned(self, points: PointIds, rows: Rows, now: Levels, values: Values) -> LevelChanges:
        before = self._points["level"][rows]
        self._points["level"][rows] = now
        changed = np.flatnonzero(now != before)
        return LevelChanges(points[changed], before[changed], now[changed], values[changed])

    def _bounds_of(self, rows: Rows) -> Bounds:
        return Bounds(*(self._points[name][rows] for name in _BOUNDS))
