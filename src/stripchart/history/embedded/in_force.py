"""What was in force at a time: of each point the newest sample that is not newer than that."""

import numpy as np

from stripchart.history.embedded.head import of_point
from stripchart.history.embedded.ordering import newest_wins, rows_of
from stripchart.history.embedded.segment import Segment
from stripchart.history.embedded.store import Store
from stripchart.history.embedded.view import View, YearView, view
from stripchart.history.horizons import EVER_MS
from stripchart.model.quality import FIRST_BAD
from stripchart.model.sample import PointId, PointIds, SampleBatch

_BUNDLES_KEPT = 64


def in_force_at(store: Store, points: list[PointId], at_ms: int) -> SampleBatch:
    """What `Historian.in_force` promises; the points ascend. What is newest of all needs no reading."""
    wanted = np.array(points, np.int32)
    with store.lock:
        newest = store.newest.samples()
    newest = newest.where((newest.at_ms <= at_ms) & np.isin(newest.point_id, wanted))
    older: PointIds = wanted[~np.isin(wanted, newest.point_id)]
    horizons = store.expiry.horizons
    found = [newest]
    if len(older):
        with view(store, EVER_MS, at_ms + 1) as seen:
            horizons = seen.horizons
            found.append(_looked_up(seen, older))
    both = newest_wins(*found)
    return both.where(both.at_ms >= horizons.raw_of(both.point_id))


def _looked_up(seen: View, points: PointIds) -> SampleBatch:
    """The newest sample of each point that a view has."""
    heads = _newest_of_each(seen.head.of_points(points, seen.start_ms, seen.end_ms))
    years = [_LastOfYear(year, seen.end_ms) for year in reversed(seen.years)]
    sealed = []
    for point in points.tolist():
        parts = (year.of(PointId(point)) for year in years)
        sealed.append(next((part for part in parts if len(part)), SampleBatch.empty()))
    return _newest_of_each(newest_wins(*sealed, heads))


def _newest_of_each(batch: SampleBatch) -> SampleBatch:
    """The last sample of each point, of samples in the order of the files."""
    return batch.where(np.append(batch.point_id[1:] != batch.point_id[:-1], True)[: len(batch)])


class _LastOfYear:
    """Finds the last samples before a time in one year. Bundles are read once for points side by side."""

    def __init__(self, year: YearView, end_ms: int) -> None:
        self._year, self._end_ms = year, end_ms
        self._bundles: dict[int, SampleBatch] = {}

    def of(self, point: PointId) -> SampleBatch:
        """The last sample of the point; empty when there is none."""
        part = self._in_segments(point)
        after_ms = int(part.at_ms[0]) if len(part) else EVER_MS
        return _newest_of_each(newest_wins(part, *self._in_bundles(point, after_ms)))

    def _in_segments(self, point: PointId) -> SampleBatch:
        for segment in self._year.segments(point, EVER_MS, self._end_ms, descending=True):
            if segment.is_rolled:
                break
            if segment.last_ms < self._end_ms:
                return _end_of(segment)
            samples = self._year.samples(segment)
            before = int(np.searchsorted(samples.at_ms, self._end_ms))
            if before:
                return rows_of(samples, slice(before - 1, before))
        return SampleBatch.empty()

    def _in_bundles(self, point: PointId, after_ms: int) -> list[SampleBatch]:
        """The last sample of each bundle that may have one as new as `after_ms`, the newest bundle last."""
        directory = self._year.directory
        numbers = np.array(directory.that_may_have(point, after_ms, self._end_ms), np.int64)
        last_ms = directory.last_ms[np.searchsorted(directory.id, numbers)] if len(numbers) else numbers
        found: dict[int, SampleBatch] = {}
        for row in np.argsort(-last_ms, kind="stable").tolist():
            if last_ms[row] < after_ms:
                break
            own = of_point(self._bundle(int(numbers[row])), point)
            before = int(np.searchsorted(own.at_ms, self._end_ms))
            if before:
                found[int(numbers[row])] = rows_of(own, slice(before - 1, before))
                after_ms = max(after_ms, int(own.at_ms[before - 1]))
        return [found[number] for number in sorted(found)]

    def _bundle(self, number: int) -> SampleBatch:
        if number not in self._bundles:
            while len(self._bundles) >= _BUNDLES_KEPT:
                del self._bundles[next(iter(self._bundles))]
            self._bundles[number] = self._year.bundle(number)
        return self._bundles[number]


def _end_of(segment: Segment) -> SampleBatch:
    """The last sample of a segment, which its row tells."""
    is_bad = segment.end_quality >= FIRST_BAD
    value = np.nan if is_bad or segment.last is None else segment.last
    return SampleBatch(
        np.array([segment.point_id], np.int32),
        np.array([segment.last_ms]),
        np.array([value]),
        np.array([segment.end_quality], np.uint8),
    )
