"""What points said before they fell silent, found in the history after a restart."""

from collections.abc import Iterator, Sequence

import numpy as np

from stripchart.history.base import Historian
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, PointIds, SampleBatch, Times, Values

_MINUTE_MS, _HOUR_MS, _DAY_MS = 60_000, 3_600_000, 86_400_000
_WINDOWS = ((_HOUR_MS, _MINUTE_MS), (2 * _DAY_MS, _HOUR_MS), (40 * _DAY_MS, _HOUR_MS), (400 * _DAY_MS, _DAY_MS))
"""How far back is looked, and how coarsely, until a value is found: whole hours are summed up already."""

_FINER = {_DAY_MS: _HOUR_MS, _HOUR_MS: _MINUTE_MS, _MINUTE_MS: 1000, 1000: 1}
_POINTS_AT_ONCE = 500


async def last_values(historian: Historian, points: PointIds, now_ms: int) -> SampleBatch:
    """The newest sample with a value of each of these points, of the last 400 days; nothing of a point without one.

    The qualities are taken for good. Raises HistoryError.
    """
    found: list[SampleBatch] = []
    for span_ms, bucket_ms in _WINDOWS:
        for chunk in [points[i : i + _POINTS_AT_ONCE] for i in range(0, len(points), _POINTS_AT_ONCE)]:
            coarse = await _newest(historian, chunk, (now_ms - span_ms, now_ms + 1), bucket_ms)
            found += [await _exact(historian, group, bucket_ms) for group in _by_time(coarse)]
        points = np.setdiff1d(points, SampleBatch.joined(found).point_id)
    return SampleBatch.joined(found)


async def _exact(historian: Historian, group: SampleBatch, bucket_ms: int) -> SampleBatch:
    """The same, at its own time, of points whose newest value is in the same bucket."""
    if bucket_ms == 1 or not len(group):
        return group
    start_ms, finer_ms = int(group.at_ms[0]), _FINER[bucket_ms]
    finer = await _newest(historian, group.point_id, (start_ms, start_ms + bucket_ms), finer_ms)
    return SampleBatch.joined([await _exact(historian, each, finer_ms) for each in _by_time(finer)])


async def _newest(historian: Historian, points: PointIds, span_ms: tuple[int, int], bucket_ms: int) -> SampleBatch:
    """Of each point the last bucket in which it has a value: when that begins, and the value."""
    ids: Sequence[PointId] = [PointId(point) for point in points.tolist()]
    buckets = await historian.buckets(ids, *span_ms, bucket_ms)
    valued = buckets.good_count > 0
    point, start_ms, last = buckets.point_id[valued], buckets.start_ms[valued], buckets.last[valued]
    is_newest = np.append(point[1:] != point[:-1], True) if len(point) else np.empty(0, np.bool_)
    return _samples(point[is_newest], start_ms[is_newest], last[is_newest])


def _by_time(samples: SampleBatch) -> Iterator[SampleBatch]:
    """Samples of the same time together: the points of a device fall silent together."""
    for at_ms in np.unique(samples.at_ms):
        yield samples.where(samples.at_ms == at_ms)


def _samples(points: PointIds, at_ms: Times, values: Values) -> SampleBatch:
    return SampleBatch(points, at_ms, values, np.full(len(points), Quality.GOOD, np.uint8))
