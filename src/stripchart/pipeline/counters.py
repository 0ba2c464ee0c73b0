"""Counters that cannot lie: a step that no counter can have made is kept, and marked.

A counter grows up to its greatest rate, and starts again at 0 behind its rollover. A sample that does not follow from
the last one that did is uncertain (`step`). It is held against what comes next: a reset, which starts near 0, is
believed when the next sample follows from it; anything else (another meter) when it lasts for a minute.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stripchart.model.point import Counter, Point
from stripchart.model.quality import Quality
from stripchart.model.sample import PointIds, SampleBatch, Times, Values
from stripchart.pipeline.rounds import Rows, rounds

_SLACK_MS = 60_000
"""Devices renew their counters in lumps: growth of a minute at the greatest rate is always possible."""

_SETTLED_MS = 60_000
_SETTLED_SAMPLES = 3
_MS_PER_HOUR = 3_600_000

Flags = npt.NDArray[np.bool_]


class Counters:
    """Judges samples of counters that have a greatest rate; the others pass. About 60 bytes a point."""

    def __init__(self) -> None:
        self._watched = np.zeros(0, np.bool_)
        self._per_ms = np.zeros(0)
        self._rollover = np.zeros(0)
        self._grain = np.zeros(0)
        self._believed, self._believed_ms = np.zeros(0), np.zeros(0, np.int64)
        self._doubted, self._doubted_ms = np.zeros(0), np.zeros(0, np.int64)
        self._since_ms, self._seen = np.zeros(0, np.int64), np.zeros(0, np.int32)
        self._starts_low = np.zeros(0, np.bool_)

    def declare(self, points: PointIds, described: Sequence[Point]) -> None:
        """What these points are. What is known of their values stays."""
        self._reach(int(points.max(initial=-1)))
        counters = [point.counter or Counter() for point in described]
        self._watched[points] = [counter.max_per_hour is not None for counter in counters]
        self._per_ms[points] = [(counter.max_per_hour or 0.0) / _MS_PER_HOUR for counter in counters]
        self._rollover[points] = [counter.rollover or np.nan for counter in counters]
        self._grain[points] = [abs(point.scale) for point in described]

    def remember(self, batch: SampleBatch) -> None:
        """Take over what was known before the program started: the newest sample of each point."""
        good = batch.quality == Quality.GOOD
        points = batch.point_id[good]
        self._reach(int(points.max(initial=-1)))
        self._believed[points], self._believed_ms[points] = batch.value[good], batch.at_ms[good]

    def judged(self, batch: SampleBatch) -> SampleBatch:
        """The batch, with good samples that cannot follow from those before turned to uncertain, step."""
        if not len(batch):
            return batch
        self._reach(int(batch.point_id.max()))
        judged = self._watched[batch.point_id] & (batch.quality == Quality.GOOD)
        if not judged.any():
            return batch
        quality = batch.quality.copy()
        chosen = np.flatnonzero(judged)
        for rows in rounds(batch.point_id[chosen]):
            self._judge(batch, chosen[rows], quality)
        return SampleBatch(batch.point_id, batch.at_ms, batch.value, quality, batch.texts)

    def _judge(self, batch: SampleBatch, rows: Rows, quality: npt.NDArray[np.uint8]) -> None:
        points, at_ms, value = batch.point_id[rows], batch.at_ms[rows], batch.value[rows]
        believed, believed_ms = self._believed[points], self._believed_ms[points]
        follows = np.isnan(believed) | self._follows(points, at_ms, value, believed, believed_ms)
        self._hold(points[~follows], at_ms[~follows], value[~follows])
        sure = follows.copy()
        sure[~follows] = self._is_settled(points[~follows], at_ms[~follows])
        self._believed[points[sure]], self._believed_ms[points[sure]] = value[sure], at_ms[sure]
        self._seen[points[sure]] = 0
        quality[rows[~sure]] = Quality.UNCERTAIN_STEP

    def _follows(self, points: PointIds, at_ms: Times, value: Values, before: Values, before_ms: Times) -> Flags:
        """Whether a counter that had the values before can have these now."""
        grown = value - before
        grown = np.where(grown < 0, grown + self._rollover[points], grown)
        follows: Flags = (grown >= 0) & (grown <= self._most(points, at_ms - before_ms))
        return follows

    def _most(self, points: PointIds, elapsed_ms: Times) -> Values:
        """The most a counter can have grown; one step of its resolution always."""
        most: Values = self._per_ms[points] * (np.maximum(elapsed_ms, 0) + _SLACK_MS) + self._grain[points]
        return most

    def _hold(self, points: PointIds, at_ms: Times, value: Values) -> None:
        """Remember what is doubted: it goes on when it follows from what was doubted before, else it begins."""
        goes_on = (self._seen[points] > 0) & self._follows(
            points, at_ms, value, self._doubted[points], self._doubted_ms[points]
        )
        begins = points[~goes_on]
        self._since_ms[begins] = at_ms[~goes_on]
        elapsed_ms = at_ms[~goes_on] - self._believed_ms[begins]
        low = value[~goes_on]
        self._starts_low[begins] = (
            (low >= 0) & (low < self._believed[begins]) & (low <= self._most(begins, elapsed_ms))
        )
        self._seen[points] = np.where(goes_on, self._seen[points] + 1, 1)
        self._doubted[points], self._doubted_ms[points] = value, at_ms

    def _is_settled(self, points: PointIds, at_ms: Times) -> Flags:
        seen, lasted_ms = self._seen[points], np.abs(at_ms - self._since_ms[points])
        settled: Flags = np.where(
            self._starts_low[points], seen >= 2, (seen >= _SETTLED_SAMPLES) & (lasted_ms >= _SETTLED_MS)
        )
        return settled

    def _reach(self, highest: int) -> None:
        have = len(self._watched)
        if highest < have:
            return
        more = max(highest + 1, have + have // 4) - have
        for name in ("_watched", "_starts_low", "_per_ms", "_grain", "_doubted"):
            setattr(self, name, _longer(getattr(self, name), more, 0))
        for name in ("_believed_ms", "_doubted_ms", "_since_ms", "_seen"):
            setattr(self, name, _longer(getattr(self, name), more, 0))
        for name in ("_believed", "_rollover"):
            setattr(self, name, _longer(getattr(self, name), more, np.nan))


def _longer(column: npt.NDArray[np.generic], more: int, filling: float) -> npt.NDArray[np.generic]:
    return np.append(column, np.full(more, filling, column.dtype))
