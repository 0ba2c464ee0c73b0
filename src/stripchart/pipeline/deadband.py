"""Which samples are worth keeping, by the record rules of their points."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stripchart.model.point import RecordMode, RecordRule
from stripchart.model.point_table import NO_ROW, PointTable, Rows
from stripchart.model.sample import PointIds, SampleBatch
from stripchart.pipeline.rounds import rounds

_NOTHING = -1
"""Stands for the quality of a point of which nothing was kept yet."""


_FIELDS = [
    ("on_change", np.bool_),
    ("deadband", np.float64),
    ("heartbeat_ms", np.float64),
    ("kept_value", np.float64),
    ("kept_quality", np.int16),
    ("kept_at_ms", np.int64),
]


class Deadband:
    """Remembers what was kept last of each point that is kept on change. A point without a rule is always kept."""

    def __init__(self) -> None:
        self._ruled = PointTable(_FIELDS, blank=(False, 0.0, 0.0, np.nan, _NOTHING, 0))

    def declare(self, points: PointIds, rules: Sequence[RecordRule]) -> None:
        """The rules of these points, in the same order. Of each, the next sample is kept."""
        ruled, on_change = self._ruled, np.array([rule.mode is RecordMode.ON_CHANGE for rule in rules], np.bool_)
        concerned = np.flatnonzero(on_change | (ruled.rows(points) != NO_ROW))
        rows = ruled.add(points[concerned])
        ruled["on_change"][rows] = on_change[concerned]
        ruled["deadband"][rows] = [rules[place].deadband for place in concerned.tolist()]
        ruled["heartbeat_ms"][rows] = [rules[place].heartbeat_s * 1000 for place in concerned.tolist()]
        ruled["kept_quality"][rows] = _NOTHING

    def kept(self, batch: SampleBatch) -> SampleBatch:
        """The samples to keep: a changed quality, a value that moved by more than the deadband, or a heartbeat."""
        rows = self._ruled.rows(batch.point_id)
        found = np.flatnonzero(rows != NO_ROW)
        found = found[self._ruled["on_change"][rows[found]]]
        if not len(found):
            return batch
        keep = np.ones(len(batch), np.bool_)
        for chosen in rounds(batch.point_id[found]):
            places = found[chosen]
            part = batch.where(places)
            differs = keep[places] = self._differs(rows[places], part)
            self._note(rows[places[differs]], part.where(differs))
        return batch.where(keep)

    def _note(self, rows: Rows, kept: SampleBatch) -> None:
        self._ruled["kept_value"][rows] = kept.value
        self._ruled["kept_quality"][rows] = kept.quality
        self._ruled["kept_at_ms"][rows] = kept.at_ms

    def _differs(self, rows: Rows, batch: SampleBatch) -> npt.NDArray[np.bool_]:
        ruled = self._ruled
        moved: npt.NDArray[np.bool_] = np.abs(batch.value - ruled["kept_value"][rows]) > ruled["deadband"][rows]
        turned: npt.NDArray[np.bool_] = batch.quality != ruled["kept_quality"][rows]
        # A clock that was set back counts as well, or the heartbeat would stop for as long as it was ahead.
        away_ms = np.abs(batch.at_ms - ruled["kept_at_ms"][rows])
        overdue: npt.NDArray[np.bool_] = away_ms >= ruled["heartbeat_ms"][rows]
        return moved | turned | overdue
