"""What is newest of each point: kept in memory, so that the state of the plant is known at once."""

import numpy as np

from stripchart.history.embedded.ordering import in_file_order
from stripchart.model.sample import PointIds, Qualities, SampleBatch, Times, Values

NEVER = np.iinfo(np.int64).min
"""The time of what a point does not have yet."""


class Newest:
    """Columns ordered by point: the newest sample, and up to which time samples are in segments.

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

    def rows(self, point_id: PointIds) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Where the points stand in the columns; points not yet known are added."""
        rows = np.searchsorted(self.point_id, point_id)
        known = rows < len(self.point_id)
        known[known] = self.point_id[rows[known]] == point_id[known]
        if known.all():
            return rows
        self._add(np.sort(np.unique(point_id[~known])))
        return np.searchsorted(self.point_id, point_id)

    def note(self, batch: SampleBatch) -> PointIds:
        """Take a batch into account. The points of which a sample may repeat an older one, or one of the batch."""
        late: PointIds = batch.point_id[:0]
        if not len(batch):
            return late
        rows = self.rows(batch.point_id)
        if np.all(rows[1:] > rows[:-1]):
            newer = batch.at_ms > self.at_ms[rows]
            if not newer.all():
                late = batch.point_id[~newer]
                newer |= batch.at_ms == self.at_ms[rows]
        else:
            ordered = in_file_order(batch)
            last = np.append(ordered.point_id[1:] != ordered.point_id[:-1], True)
            first = np.append(True, last[:-1])
            in_order = ordered.at_ms[first] > self.at_ms[self.rows(ordered.point_id[first])]
            late = ordered.point_id[first] if len(ordered) < len(batch) else ordered.point_id[first][~in_order]
            batch = ordered.where(last)
            rows = self.rows(batch.point_id)
            newer = batch.at_ms >= self.at_ms[rows]
        rows = rows[newer]
        self.at_ms[rows] = batch.at_ms[newer]
        self.value[rows] = batch.value[newer]
        self.quality[rows] = batch.quality[newer]
        return late

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
