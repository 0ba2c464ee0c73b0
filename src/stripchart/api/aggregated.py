"""Readings summed up by the minute, hour or day: from the roll-ups, where the samples themselves are gone."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np
from pydantic import BaseModel

from stripchart.api.errors import ApiError
from stripchart.api.parts import Parts
from stripchart.history.base import Buckets
from stripchart.model.sample import PointId
from stripchart.model.time import to_iso

_MOST_BUCKETS = 500_000


class Interval(StrEnum):
    """How long buckets are; a day is one of UTC."""

    MINUTE = "1min"
    HOUR = "1hour"
    DAY = "1day"

    @property
    def ms(self) -> int:
        return {Interval.MINUTE: 60_000, Interval.HOUR: 3_600_000, Interval.DAY: 86_400_000}[self]


class AggregatedReadingOut(BaseModel):
    """The values of a point in the bucket that begins at `time_bucket`; `count` of them. Bad samples do not count."""

    time_bucket: str
    point_id: int
    key: str
    avg: float
    min: float
    max: float
    count: int


class AggregatedReadingsOut(BaseModel):
    """`total`: all buckets of the range that have values, of which these are the ones from `offset` on."""

    device_id: int
    aggregate: Interval
    readings: list[AggregatedReadingOut]
    total: int


async def buckets_of(
    parts: Parts, points: Sequence[PointId], span: tuple[int, int], interval: Interval, *, descending: bool
) -> Buckets:
    """Those with values, by time, then point. Raises ApiError when there would be too many."""
    start_ms, end_ms = span
    most = ((end_ms - start_ms) // interval.ms + 2) * len(points)
    if most > _MOST_BUCKETS:
        message = f"the range may have {most} buckets: allowed are at most {_MOST_BUCKETS}"
        raise ApiError(422, "too_many_buckets", message, "aggregate")
    found = await parts.historian.buckets(points, start_ms, end_ms, interval.ms)
    order = np.lexsort((found.point_id, found.start_ms))
    order = order[found.good_count[order] > 0]
    return _rows(found, order[::-1] if descending else order)


def readings_of(buckets: Buckets, key_of: Mapping[int, str]) -> list[AggregatedReadingOut]:
    """A row for each bucket."""
    columns = (
        buckets.point_id,
        buckets.start_ms,
        buckets.mean,
        buckets.minimum,
        buckets.maximum,
        buckets.good_count,
    )
    return [
        AggregatedReadingOut(
            time_bucket=to_iso(start_ms), point_id=point, key=key_of[point], avg=mean, min=low, max=high, count=count
        )
        for point, start_ms, mean, low, high, count in zip(*(column.tolist() for column in columns), strict=True)
    ]


def page_of(buckets: Buckets, offset: int, limit: int) -> Buckets:
    """Some of the buckets."""
    return _rows(buckets, np.arange(len(buckets))[offset : offset + limit])


def _rows(buckets: Buckets, rows: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Buckets:
    return Buckets(**{name: getattr(buckets, name)[rows] for name in Buckets.__dataclass_fields__})
