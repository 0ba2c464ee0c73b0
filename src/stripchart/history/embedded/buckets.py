"""Buckets of points: from sums and roll-ups as far as they tell it exactly, from the samples elsewhere."""

import numpy as np

from stripchart.history.base import Buckets
from stripchart.history.embedded.head import of_point
from stripchart.history.embedded.ordering import newest_wins
from stripchart.history.embedded.rollup import TIERS_MS, spans_of
from stripchart.history.embedded.segment import Segment, sums_of
from stripchart.history.embedded.spans import Spans, as_buckets, bucketed, in_buckets
from stripchart.history.embedded.store import Store
from stripchart.history.embedded.view import View, view
from stripchart.model.sample import PointId, SampleBatch


def buckets_of(store: Store, points: list[PointId], span: tuple[int, int], bucket_ms: int) -> Buckets:
    """The samples of the points in the range, summed up in buckets."""
    with view(store, *span) as seen:
        parts = _Parts(seen, bucket_ms)
        loose = seen.loose(points)
        raw = [part for point in points for part in parts.add(point, of_point(loose, point))]
    rest = newest_wins(*raw, loose)
    spans = parts.spans()
    if spans is None:
        return as_buckets(bucketed(rest, bucket_ms), bucket_ms)
    if not len(rest) and parts.are_one:
        return as_buckets(spans, bucket_ms)
    return as_buckets(in_buckets(Spans.joined([spans, bucketed(rest, bucket_ms, spans)]), bucket_ms), bucket_ms)


class _Parts:
    """What the segments of the points contribute, without keeping their samples."""

    def __init__(self, seen: View, bucket_ms: int) -> None:
        self._seen, self._bucket_ms = seen, bucket_ms
        self._tiers = [number for number, tier_ms in enumerate(TIERS_MS) if bucket_ms % tier_ms == 0][::-1]
        self._whole: list[Segment] = []
        self._rolled: tuple[list[int], list[bytes]] = ([], [])
        self._summed: list[Spans] = []

    def add(self, point: PointId, loose: SampleBatch) -> list[SampleBatch]:
        """Take the segments of a point into account. The samples of those among which loose ones lie."""
        among = []
        for year in self._seen.years:
            for segment in year.segments(point, self._seen.start_ms, self._seen.end_ms):
                low, high = np.searchsorted(loose.at_ms, [segment.first_ms, segment.last_ms + 1])
                if low < high:
                    among.append(self._seen.inside(year.samples(segment)))
                elif not self._is_told_by(segment):
                    samples = self._seen.inside(year.samples(segment))
                    self._summed.append(bucketed(samples, self._bucket_ms))
        return among

    @property
    def are_one(self) -> bool:
        """Whether a single segment, looked into, is all there is: no two sums are of one bucket then."""
        return len(self._summed) == 1 and not self._whole and not self._rolled[0]

    def spans(self) -> Spans | None:
        """All of it, ordered by point, then start; None when there is nothing."""
        parts = [spans for spans in self._summed if len(spans)]
        if self._whole:
            parts.append(sums_of(self._whole))
        if self._rolled[0]:
            parts.append(spans_of(*self._rolled))
        if not parts:
            return None
        if self.are_one:
            return parts[0]
        spans = Spans.joined(parts)
        return spans.at(np.lexsort((spans.start_ms, spans.point_id)))

    def _is_told_by(self, segment: Segment) -> bool:
        """Whether the sums or a roll-up of the segment tell it all; they are taken then."""
        if not segment.lies_in(self._seen.start_ms, self._seen.end_ms):
            return False
        if segment.first_ms // self._bucket_ms == segment.last_ms // self._bucket_ms:
            self._whole.append(segment)
            return True
        rollups = (segment.minutes, segment.hours, segment.days)
        for tier in self._tiers:
            body = rollups[tier]
            if body is not None:
                self._rolled[0].append(segment.point_id)
                self._rolled[1].append(body)
                return True
        return False
