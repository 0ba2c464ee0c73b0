"""Which samples are worth keeping, by the record rules of their points."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stripchart.model.point import RecordMode, RecordRule
from stripchart.model.sample import PointIds, SampleBatch
from stripchart.pipeline.rounds import rounds

_NOTHING = -1
"""Stands for the quality of a point of which nothing was kept yet."""


class Deadband:
    """Remembers what was kept last of each point that is kept on change. A point without a rule is always kept."""

    def __init__(self) -> None:
        self._on_change = np.zeros(0, np.bool_)
        self._deadband = np.zeros(0)
        self._heartbeat_ms = np.zeros(0)
        self._kept_value = np.zeros(0)
        self._kept_quality = np.zeros(0, np.int16)
        self._kept_at_ms = np.zeros(0, np.int64)

    def declare(self, points: PointIds, rules: Sequence[RecordRule]) -> None:
        """The rules of these points, in the same order. Of each, the next sample is kept."""
        self._reach(int(points.max(initial=-1)) + 1)
        self._on_change[points] = [rule.mode is RecordMode.ON_CHANGE for rule in rules]
        self._deadband[points] = [rule.deadband for rule in rules]
        self._heartbeat_ms[points] = [rule.heartbeat_s * 1000 for rule in rules]
        self._kept_quality[points] = _NOTHING

    def kept(self, batch: SampleBatch) -> SampleBatch:
        """The samples to keep: a changed quality, a value that moved by more than the deadband, or a heartbeat."""
        if not len(batch):
            return batch
        points = batch.point_id
        self._reach(int(points.max()) + 1)
        if not self._on_change[points].any():
            return batch
        keep = np.ones(len(batch), np.bool_)
        ruled = np.flatnonzero(self._on_change[points])
        for chosen in rounds(points[ruled]):
            rows = ruled[chosen]
            part = batch.where(rows)
            differs = keep[rows] = self._differs(part)
            self._note(part.where(differs))
        return batch.where(keep)

    def _note(self, kept: SampleBatch) -> None:
        self._kept_value[kept.point_id] = kept.value
        self._kept_quality[kept.point_id] = kept.quality
        self._kept_at_ms[kept.point_id] = kept.at_ms

    def _differs(self, batch: SampleBatch) -> npt.NDArray[np.bool_]:
        points = batch.point_id
        moved: npt.NDArray[np.bool_] = np.abs(batch.value - self._kept_value[points]) > self._deadband[points]
        turned: npt.NDArray[np.bool_] = batch.quality != self._kept_quality[points]
        # A clock that was set back counts as well, or the heartbeat would stop for as long as it was ahead.
        overdue: npt.NDArray[np.bool_] = np.abs(batch.at_ms - self._kept_at_ms[points]) >= self._heartbeat_ms[points]
        return moved | turned | overdue

    def _reach(self, needed: int) -> None:
        have = len(self._on_change)
        if needed <= have:
            return
        more = max(needed, have + have // 4) - have
        self._on_change = np.append(self._on_change, np.zeros(more, np.bool_))
        self._deadband = np.append(self._deadband, np.zeros(more))
        self._heartbeat_ms = np.append(self._heartbeat_ms, np.zeros(more))
        self._kept_value = np.append(self._kept_value, np.full(more, np.nan))
        self._kept_quality = np.append(self._kept_quality, np.full(more, _NOTHING, np.int16))
        self._kept_at_ms = np.append(self._kept_at_ms, np.zeros(more, np.int64))
