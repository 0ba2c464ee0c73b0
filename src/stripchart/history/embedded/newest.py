"""What is newest of each point: kept in memory, so that the state of the plant is known at once."""

import numpy as np
import numpy.typing as npt

from stripchart.history.embedded.ordering import in_file_order
from stripchart.model.sample import PointIds, Qualities, SampleBatch, Times, Values

Rows = npt.NDArray[np.intp]
_NO_ROW = -1
_SPARE_IDS, _SPARE_IDS_EACH = 100_000, 8
"""How many ids without a point a table may have: some, and so many more for each point."""

NEVER = np.iinfo(np.int64).min
"""The time of what a point does not have yet."""


class Newest:
    """Columns ordered by point: the newest sample, and up to which time samples are in segments.

    A point is found by its place in a table of all ids from the lowest to the highest, eight bytes each: to search
    for the points of each batch took a third of the time of writing it. Only where most ids are of no point any more,
    it is searched for.

    `sealed_ms`: the newest sealed sample; `settled_ms`: the newest sample in a segment of its own point.
    Whoever calls holds the lock of the historian.
    """

    def __init__(self) -> None:
        self.point_id: PointIds = np.empty(0, np.int32)
        self.at_ms: Times = np.empty(0, np.int64)
        self.value: Values = np.empty(0, np.float64)
        self.quality: Qualities = np.empty(0, np.uint8)
        self.sealed_ms: Times = np.empty(0, np.int64)
        self.settled_ms: Times = np.empty(0, np.int64)
        self._place = np.empty(0, np.int32)
        self._row_of: Rows | None = np.full(1, _NO_ROW)
        """By point, from `_before_first` on; the first and the last place stand for all points beyond."""
        self._before_first = 0

    def rows(self, point_id: PointIds) -> Rows:
        """Where the points stand in the columns; points not yet known are added."""
        rows = self._known_rows(point_id)
        unknown = rows == _NO_ROW
        if not unknown.any():
            return rows
        self._add(np.unique(point_id[unknown]))
        return self._known_rows(point_id)

    def _known_rows(self, point_id: PointIds) -> Rows:
        if self._row_of is None:
            rows = np.searchsorted(self.point_id[:-1], point_id)
            return np.where(self.point_id[rows] == point_id, rows, _NO_ROW)
        return self._row_of.take(np.subtract(point_id, self._before_first, dtype=np.intp), mode="clip")

    def note(self, batch: SampleBatch) -> PointIds:
        """Take a batch into account. The points of which a sample may repeat an older one, or one of the batch."""
        rows = self.rows(batch.point_id)
        comes_often = self._comes_often(rows)
        if not comes_often.any():
            return self._note_each(batch, rows)
        return np.append(
            self._note_each(batch.where(~comes_often), rows[~comes_often]),
            self._note_runs(in_file_order(batch.where(comes_often)), int(np.count_nonzero(comes_often))),
        )

    def _comes_often(self, rows: Rows) -> npt.NDArray[np.bool_]:
        """Which of the samples are of a point that has others among them."""
        place = np.arange(len(rows), dtype=np.int32)
        self._place[rows] = place
        is_last = self._place[rows] == place
        self._place[rows] = -1
        self._place[rows[~is_last]] = 0
        comes_often: npt.NDArray[np.bool_] = self._place[rows] == 0
        return comes_often

    def _note_each(self, batch: SampleBatch, rows: Rows) -> PointIds:
        """Samples of which none is of the same point as another."""
        newer = batch.at_ms > self.at_ms[rows]
        if newer.all():
            self._keep(rows, batch)
            return batch.point_id[:0]
        late: PointIds = batch.point_id[~newer]
        newer |= batch.at_ms == self.at_ms[rows]
        self._keep(rows[newer], batch.where(newer))
        return late

    def _note_runs(self, ordered: SampleBatch, came: int) -> PointIds:
        """Samples in the order of the files; `came`: how many there were before repeated ones were left out."""
        last = np.append(ordered.point_id[1:] != ordered.point_id[:-1], True)
        first = np.append(True, last[:-1])
        points: PointIds = ordered.point_id[first]
        in_order = ordered.at_ms[first] > self.at_ms[self.rows(points)]
        self._note_each(ordered.where(last), self.rows(points))
        return points if len(ordered) < came else points[~in_order]

    def _keep(self, rows: Rows, batch: SampleBatch) -> None:
        self.at_ms[rows] = batch.at_ms
        self.value[rows] = batch.value
        self.quality[rows] = batch.quality

    def samples(self) -> SampleBatch:
        """The newest sample of every point that has one."""
        there = self.at_ms > NEVER
        return SampleBatch(self.point_id[there], self.at_ms[there], self.value[there], self.quality[there])

    def _add(self, fresh: PointIds) -> None:
        point_id = np.concatenate([self.point_id, fresh.astype(np.int32)])
        order = np.argsort(point_id, kind="stable")
        count = len(fresh)
        self.point_id = point_id[order]
        self.at_ms = np.append(self.at_ms, np.full(count, NEVER))[order]
        self.value = np.append(self.value, np.full(count, np.nan))[order]
        self.quality = np.append(self.quality, np.zeros(count, np.uint8))[order]
        self.sealed_ms = np.append(self.sealed_ms, np.full(count, NEVER))[order]
        self.settled_ms = np.append(self.settled_ms, np.full(count, NEVER))[order]
        self._place = np.empty(len(order), np.int32)
        self._row_of = self._table()

    def _table(self) -> Rows | None:
        points = len(self.point_id)
        self._before_first = int(self.point_id[0]) - 1
        ids = int(self.point_id[-1]) - self._before_first
        if ids > points * (1 + _SPARE_IDS_EACH) + _SPARE_IDS:
            return None
        row_of: Rows = np.full(ids + 2, _NO_ROW)
        row_of[self.point_id - self._before_first] = np.arange(points)
        return row_of
