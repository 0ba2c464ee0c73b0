"""Counters that cannot lie: a step that no counter can have made is kept, and marked.

A counter grows up to its greatest rate, and starts again at 0 behind its rollover. A sample that does not follow from
the last one that did is uncertain (`step`). It is held against what comes next: a reset, which starts near 0, is
believed when the next sample follows from it; anything else (another meter) when it lasts for a minute.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from stripchart.model.point import Counter, Point
from stripchart.model.point_table import NO_ROW, PointTable, Rows
from stripchart.model.quality import Quality
from stripchart.model.sample import PointIds, SampleBatch, Times, Values
from stripchart.pipeline.rounds import rounds

_SLACK_MS = 60_000
"""Devices renew their counters in lumps: growth of a minute at the greatest rate is always possible."""

_SETTLED_MS = 60_000
_SETTLED_SAMPLES = 3
_MS_PER_HOUR = 3_600_000

Flags = npt.NDArray[np.bool_]


_FIELDS = [
    ("watched", np.bool_),
    ("per_ms", np.float64),
    ("rollover", np.float64),
    ("grain", np.float64),
    ("believed", np.float64),
    ("believed_ms", np.int64),
    ("doubted", np.float64),
    ("doubted_ms", np.int64),
    ("since_ms", np.int64),
    ("seen", np.int32),
    ("starts_low", np.bool_),
]


class Counters:
    """Judges samples of counters that have a greatest rate; the others pass."""

    def __init__(self) -> None:
        self._known = PointTable(_FIELDS, blank=(False, 0.0, np.nan, 0.0, np.nan, 0, 0.0, 0, 0, 0, False))

    def declare(self, points: PointIds, described: Sequence[Point], newest: SampleBatch) -> None:
        """What these points are, and the newest sample of each. What is known of their values stays."""
        counters = [point.counter or Counter() for point in described]
        watched = np.array([counter.max_per_hour is not None for counter in counters], np.bool_)
        have_rows = self._known.rows(points) != NO_ROW
        concerned = np.flatnonzero(watched | have_rows)
        rows = self._known.add(points[concerned])
        self._known["watched"][rows] = watched[concerned]
        self._known["per_ms"][rows] = [
            (counters[place].max_per_hour or 0.0) / _MS_PER_HOUR for place in concerned.tolist()
        ]
        self._known["rollover"][rows] = [counters[place].rollover or np.nan for place in concerned.tolist()]
        self._known["grain"][rows] = [abs(described[place].scale) for place in concerned.tolist()]
        is_new = ~have_rows[concerned]
        self._remember(rows[is_new], newest.where(concerned[is_new]))

    def go_on_from(self, newest: SampleBatch) -> None:
        """The newest samples of points that somebody else has read meanwhile."""
        rows = self._known.rows(newest.point_id)
        self._remember(rows[rows != NO_ROW], newest.where(rows != NO_ROW))

    def _remember(self, rows: Rows, newest: SampleBatch) -> None:
        good = newest.quality == Quality.GOOD
        self._known["believed"][rows[good]] = newest.value[good]
        self._known["believed_ms"][rows[good]] = newest.at_ms[good]

    def judged(self, batch: SampleBatch) -> SampleBatch:
        """The batch, with good samples that cannot follow from those before turned to uncertain, step."""
        rows = self._known.rows(batch.point_id)
        found = np.flatnonzero(rows != NO_ROW)
        found = found[self._known["watched"][rows[found]] & (batch.quality[found] == Quality.GOOD)]
        if not len(found):
            return batch
        quality = batch.quality.copy()
        for chosen in rounds(batch.point_id[found]):
            places = found[chosen]
            is_sure = self._judge(rows[places], batch.at_ms[places], batch.value[places])
            quality[places[~is_sure]] = Quality.UNCERTAIN_STEP
        return SampleBatch(batch.point_id, batch.at_ms, batch.value, quality, batch.texts)

    def _judge(self, rows: Rows, at_ms: Times, value: Values) -> Flags:
        """Which of these samples, none of a counter twice, are believed."""
        known = self._known
        believed, believed_ms = known["believed"][rows], known["believed_ms"][rows]
        follows: Flags = np.isnan(believed) | self._follows(rows, at_ms, value, believed, believed_ms)
        self._hold(rows[~follows], at_ms[~follows], value[~follows])
        sure: Flags = follows.copy()
        sure[~follows] = self._is_settled(rows[~follows], at_ms[~follows])
        known["believed"][rows[sure]], known["believed_ms"][rows[sure]] = value[sure], at_ms[sure]
        known["seen"][rows[sure]] = 0
        return sure

    def _follows(self, rows: Rows, at_ms: Times, value: Values, before: Values, before_ms: Times) -> Flags:
        """Whether a counter that had the values before can have these now."""
        grown = value - before
        grown = np.where(grown < 0, grown + self._known["rollover"][rows], grown)
        follows: Flags = (grown >= 0) & (grown <= self._most(rows, at_ms - before_ms))
        return follows

    def _most(self, rows: Rows, elapsed_ms: Times) -> Values:
        """The most a counter can have grown; one step of its resolution always."""
        per_ms, grain = self._known["per_ms"][rows], self._known["grain"][rows]
        most: Values = per_ms * (np.maximum(elapsed_ms, 0) + _SLACK_MS) + grain
        return most

    def _hold(self, rows: Rows, at_ms: Times, value: Values) -> None:
        """Remember what is doubted: it goes on when it follows from what was doubted before, else it begins."""
        known = self._known
        follows = self._follows(rows, at_ms, value, known["doubted"][rows], known["doubted_ms"][rows])
        goes_on = (known["seen"][rows] > 0) & follows
        begins, low = rows[~goes_on], value[~goes_on]
        known["since_ms"][begins] = at_ms[~goes_on]
        elapsed_ms = at_ms[~goes_on] - known["believed_ms"][begins]
        known["starts_low"][begins] = (
            (low >= 0) & (low < known["believed"][begins]) & (low <= self._most(begins, elapsed_ms))
        )
        known["seen"][rows] = np.where(goes_on, known["seen"][rows] + 1, 1)
        known["doubted"][rows], known["doubted_ms"][rows] = value, at_ms

    def _is_settled(self, rows: Rows, at_ms: Times) -> Flags:
        seen, lasted_ms = self._known["seen"][rows], np.abs(at_ms - self._known["since_ms"][rows])
        settled: Flags = np.where(
            self._known["starts_low"][rows], seen >= 2, (seen >= _SETTLED_SAMPLES) & (lasted_ms >= _SETTLED_MS)
        )
        return settled
