"""Long ranges in few samples: each segment is looked into once, and only its peaks are kept."""

from collections.abc import Iterator

import numpy as np

from stripchart.history.embedded.head import of_point
from stripchart.history.embedded.ordering import newest_wins, rows_of
from stripchart.history.embedded.segment import Segment
from stripchart.history.embedded.store import Store
from stripchart.history.embedded.view import View, YearView, view
from stripchart.history.reduce import reduced_in_pieces
from stripchart.model.sample import PointId, SampleBatch


def reduced_of(store: Store, points: list[PointId], span: tuple[int, int], most: int) -> SampleBatch:
    """What `Historian.reduced` promises; the points ascend."""
    found: dict[PointId, SampleBatch] = {}
    with view(store, *span) as seen:
        for part, some in seen.from_horizons(points, seen.horizons.raw_of(np.array(points, np.int32))):
            loose = part.loose(some)
            for point in some:
                own = of_point(loose, point)
                segments = list(_segments(part, point))
                expected = sum(segment.samples for _, segment in segments) + len(own)
                found[point] = reduced_in_pieces(_pieces(part, segments, own), most, expected)
    return SampleBatch.joined([found[point] for point in points if point in found])


def _segments(seen: View, point: PointId) -> Iterator[tuple[YearView, Segment]]:
    """The segments of a point that have samples. What roll-ups sum up must not be counted as expected."""
    for year in seen.years:
        for segment in year.segments(point, seen.start_ms, seen.end_ms):
            if not segment.is_rolled:
                yield year, segment


def _pieces(seen: View, segments: list[tuple[YearView, Segment]], loose: SampleBatch) -> Iterator[SampleBatch]:
    """The samples of a point in order of time; those in no segment, `loose`, win over those that are."""
    done = 0
    for year, segment in segments:
        low, high = np.searchsorted(loose.at_ms, [segment.first_ms, segment.last_ms + 1]).tolist()
        if done < low:
            yield rows_of(loose, slice(done, low))
        samples = seen.inside(year.samples(segment))
        yield newest_wins(samples, rows_of(loose, slice(low, high))) if low < high else samples
        done = high
    yield rows_of(loose, slice(done, len(loose)))
