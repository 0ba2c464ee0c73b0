"""Samples as they were stored: the first so many of a range, in memory that grows with how many are asked for."""

import numpy as np

from stripchart.history.base import Cursor
from stripchart.history.embedded.ordering import newest_wins
from stripchart.history.embedded.store import Store
from stripchart.history.embedded.view import View, view
from stripchart.model.sample import PointId, SampleBatch

_WORTH_A_CUT = 65_536
"""With fewer samples at hand it is not worth finding out which of them are too many."""


def samples_of(
    store: Store,
    points: list[PointId],
    span: tuple[int, int],
    limit: int,
    *,
    descending: bool,
    after: Cursor | None,
) -> SampleBatch:
    """What `Historian.read` promises; the points ascend."""
    if limit < 1 or not points:
        return SampleBatch.empty()
    start_ms, end_ms = span
    needed = limit
    if after is not None:
        # Each point has at most one sample at the time of the cursor, which may be before it.
        needed += len(points)
        start_ms, end_ms = (
            (start_ms, min(end_ms, after.at_ms + 1)) if descending else (max(start_ms, after.at_ms), end_ms)
        )
    with view(store, start_ms, end_ms) as seen:
        visible = seen.from_horizons(points, seen.horizons.raw_of(np.array(points, np.int32)))
        parts = [_First(part, needed, descending=descending).of(some) for part, some in visible]
    found = parts[0] if len(parts) == 1 else newest_wins(*parts)
    if after is not None:
        found = _behind(found, after, descending=descending)
    return _ordered(found, limit, one_point=len(points) == 1, descending=descending)


class _First:
    """The first samples of a view. As soon as there are enough, the view ends where they do."""

    def __init__(self, seen: View, limit: int, *, descending: bool) -> None:
        self._seen, self._limit, self._descending = seen, limit, descending
        self._kept = SampleBatch.empty()
        self._parts: list[SampleBatch] = []
        self._samples = 0

    def of(self, points: list[PointId]) -> SampleBatch:
        """At least the first `limit` of all samples of the points, in the order of the files."""
        self._kept = self._seen.loose(points)
        self._cut()
        for point in points:
            self._add(point)
        self._cut()
        return self._kept

    def _add(self, point: PointId) -> None:
        found = 0
        for year in reversed(self._seen.years) if self._descending else self._seen.years:
            span = self._seen.start_ms, self._seen.end_ms
            for segment in year.segments(point, *span, descending=self._descending):
                part = self._seen.inside(year.samples(segment))
                self._parts.append(part)
                self._samples += len(part)
                found += len(part)
                if found >= self._limit:
                    break
            if found >= self._limit:
                break
        if self._samples > max(self._limit, _WORTH_A_CUT):
            self._cut()

    def _cut(self) -> None:
        """Put together what there is, and leave out what comes after the first `limit`."""
        # What was kept comes last, because samples that are in no segment win over those of one.
        is_in_order = not len(self._kept) and not self._descending
        kept = SampleBatch.joined(self._parts) if is_in_order else newest_wins(*self._parts, self._kept)
        self._parts, self._samples = [], 0
        if len(kept) > self._limit:
            place = len(kept) - self._limit if self._descending else self._limit - 1
            edge_ms = int(np.partition(kept.at_ms, place)[place])
            if self._descending:
                self._seen.start_ms = edge_ms
            else:
                self._seen.end_ms = edge_ms + 1
            kept = self._seen.inside(kept)
        self._kept = kept


def _behind(batch: SampleBatch, after: Cursor, *, descending: bool) -> SampleBatch:
    """Without those that come before the cursor, or are the sample it stands on."""
    if descending:
        return batch.where((batch.at_ms < after.at_ms) | (batch.point_id < after.point_id))
    return batch.where((batch.at_ms > after.at_ms) | (batch.point_id > after.point_id))


def _ordered(found: SampleBatch, limit: int, *, one_point: bool, descending: bool) -> SampleBatch:
    if one_point and not descending and len(found) <= limit:
        return found
    order = np.arange(len(found)) if one_point else np.argsort(found.at_ms, kind="stable")
    order = order[::-1][:limit] if descending else order[:limit]
    return SampleBatch(found.point_id[order], found.at_ms[order], found.value[order], found.quality[order])
