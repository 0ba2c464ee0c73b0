"""Buckets of points: from sums and roll-ups as far as they tell it exactly, from the samples elsewhere."""

import numpy as np

from stripchart.history.base import Buckets
from stripchart.history.embedded.codec import BrokenPieceError
from stripchart.history.embedded.head import of_point
from stripchart.history.embedded.ordering import newest_wins
from stripchart.history.embedded.rollup import TIERS_MS, is_sound, spans_of, unpacked
from stripchart.history.embedded.segment import Segment, has_among, sums_of
from stripchart.history.embedded.spans import Spans, as_buckets, bucketed, in_buckets
from stripchart.history.embedded.sparse_hours import SparseHours, read_hours, spans_of_hours
from stripchart.history.embedded.store import Store
from stripchart.history.embedded.view import View, YearView, view
from stripchart.history.grid import Grid, Ruler
from stripchart.model.sample import PointId, SampleBatch, Times

_NAMES = ("minutes", "hours", "days")
_HOURS = _NAMES.index("hours")


def buckets_of(store: Store, points: list[PointId], span: tuple[int, int], grid: Grid) -> Buckets:
    """The samples of the points in the range, summed up in buckets."""
    rests = []
    with view(store, *span) as seen:
        # A calendar is laid out no further than there are samples.
        ruler = Ruler.over(grid, *(span if isinstance(grid, int) else seen.span()))
        parts = _Parts(ruler)
        from_ms = np.array([seen.horizons.at(point).of_buckets(ruler.step_ms) for point in points], np.int64)
        for part, some in seen.from_horizons(points, from_ms):
            loose = part.loose(some)
            raw = [each for point in some for each in parts.add(part, point, of_point(loose, point))]
            rests.append(parts.not_told(newest_wins(*raw, loose)))
    rest = rests[0] if len(rests) == 1 else newest_wins(*rests)
    spans = parts.spans()
    if spans is None:
        return as_buckets(bucketed(rest, ruler), ruler)
    if not len(rest) and parts.are_one:
        return as_buckets(spans, ruler)
    return as_buckets(in_buckets(Spans.joined([spans, bucketed(rest, ruler, spans)]), ruler), ruler)


class _Parts:
    """What the segments of the points contribute, without keeping their samples."""

    def __init__(self, ruler: Ruler) -> None:
        self._ruler = ruler
        self._tiers = [number for number, tier_ms in enumerate(TIERS_MS) if ruler.step_ms % tier_ms == 0][::-1]
        self._whole: list[Segment] = []
        self._rolled: tuple[list[int], list[bytes]] = ([], [])
        self._sparse: list[SparseHours] = []
        self._summed: list[Spans] = []
        self._left: list[Spans] = []
        self._final: list[tuple[int, int, Times]] = []

    def add(self, seen: View, point: PointId, loose: SampleBatch) -> list[SampleBatch]:
        """Take the segments of a point into account. The samples of those among which loose ones lie."""
        among = []
        for year in seen.years:
            for segment in year.segments(point, seen.start_ms, seen.end_ms):
                has_loose = has_among(segment, loose.at_ms)
                if segment.is_rolled:
                    self._take_rollup(seen, year, segment, has_loose=has_loose)
                elif has_loose:
                    among.append(seen.inside(year.samples(segment)))
                elif not self._is_told_by(seen, year, segment):
                    samples = seen.inside(year.samples(segment))
                    self._summed.append(bucketed(samples, self._ruler))
        return among

    @property
    def are_one(self) -> bool:
        """Whether a single segment, looked into, is all there is: no two sums are of one bucket then."""
        return len(self._summed) == 1 and not (self._whole or self._rolled[0] or self._sparse or self._left)

    def spans(self) -> Spans | None:
        """All of it, ordered by point, then start; None when there is nothing."""
        parts = [spans for spans in (*self._summed, *self._left) if len(spans)]
        if self._whole:
            parts.append(sums_of(self._whole))
        if self._rolled[0]:
            parts.append(spans_of(*self._rolled))
        if self._sparse:
            parts.append(spans_of_hours(self._sparse))
        if not parts:
            return None
        if self.are_one:
            return parts[0]
        spans = Spans.joined(parts)
        return spans.at(np.lexsort((spans.start_ms, spans.point_id)))

    def not_told(self, samples: SampleBatch) -> SampleBatch:
        """Without samples that came after a roll-up was all that was left, of buckets which that has already."""
        for point, tier_ms, buckets in self._final:
            repeated = (samples.point_id == point) & np.isin(samples.at_ms // tier_ms, buckets)
            samples = samples.where(~repeated)
        return samples

    def _take_rollup(self, seen: View, year: YearView, segment: Segment, *, has_loose: bool) -> None:
        """Take what is left of a segment: rows that lie in the range and in one bucket each."""
        fits = [tier for tier in self._tiers if not has_loose and seen.has_whole(segment, TIERS_MS[tier])]
        others = [tier for tier in reversed(self._tiers) if tier not in fits]
        sound = ((tier, body) for tier in (*fits, *others) if (body := _unpacked(year, segment, tier)) is not None)
        tier, body = next(sound, (0, b""))
        rows, tier_ms = spans_of([segment.point_id], [body]), TIERS_MS[tier]
        if has_loose:
            self._final.append((segment.point_id, tier_ms, rows.start_ms // tier_ms))
        begin_ms = rows.start_ms // tier_ms * tier_ms
        inside = (begin_ms >= seen.start_ms) & (begin_ms + tier_ms <= seen.end_ms)
        self._left.append(rows.at(np.flatnonzero(inside)))

    def _is_told_by(self, seen: View, year: YearView, segment: Segment) -> bool:
        """Whether the sums or a roll-up of the segment tell it all; they are taken then."""
        if not segment.lies_in(seen.start_ms, seen.end_ms):
            return False
        if self._ruler.have_one(segment.first_ms, segment.last_ms):
            self._whole.append(segment)
            return True
        rollups = (segment.minutes, segment.hours, segment.days)
        for tier in self._tiers:
            body = rollups[tier]
            if body is not None and not is_sound(body):
                year.without_rollup(segment, _NAMES[tier])
            elif body is not None:
                self._rolled[0].append(segment.point_id)
                self._rolled[1].append(body)
                return True
            elif tier == _HOURS and self._takes_sparse_hours(year, segment):
                return True
        return False

    def _takes_sparse_hours(self, year: YearView, segment: Segment) -> bool:
        if segment.sparse_hours is None:
            return False
        try:
            hours = read_hours(segment.sparse_hours, segment.point_id, segment.first_ms, segment.last_ms)
        except BrokenPieceError:
            year.without_rollup(segment, "sparse hours")
            return False
        self._sparse.append(hours)
        return True


def _unpacked(year: YearView, segment: Segment, tier: int) -> bytes | None:
    """A roll-up of a segment of which nothing else is left; None when there is none, or it is broken."""
    packed = (segment.minutes, segment.hours, segment.days)[tier]
    try:
        return None if packed is None else unpacked(packed)
    except BrokenPieceError:
        year.without_rollup(segment, _NAMES[tier])
        return None
