"""Recorded samples: raw over a range, and summed up for a trend."""

import re
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import orjson
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from stripchart.api.aggregated import AggregatedReadingsOut, Interval, buckets_of, page_of, readings_of
from stripchart.api.alerts import alerts_of_samples
from stripchart.api.errors import ApiError, not_found
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.api.points_asked import PointsAsked
from stripchart.api.ranges import EndTime, Span, StartTime, range_of
from stripchart.api.series import Asked, Series, series_of
from stripchart.catalog.roster import RosterEntry
from stripchart.history.base import Buckets, Cursor
from stripchart.model.alarm import Alert
from stripchart.model.device import DeviceId
from stripchart.model.exact import EXACT_BELOW, digits_of_all
from stripchart.model.quality import Level, Quality, Reason
from stripchart.model.sample import PointId, SampleBatch
from stripchart.model.time import to_iso

router = APIRouter(prefix="/api", tags=["readings"])

_DAY_MS = 86_400_000
_MINUTE_MS = 60_000
_CURSOR = re.compile(r"(-?\d{1,17})\.(\d{1,10})")
"""Time in milliseconds and point of the last sample of a page."""


class ReadingOut(BaseModel):
    """`status`: state of the value by the current thresholds; null when it is bad."""

    timestamp: str
    point_id: int
    key: str
    value: float | None
    text: Annotated[str | None, Field(description="exact digits of an integer beyond 2^53")]
    quality: Level
    reason: Reason | None
    status: Alert | None


class ReadingsOut(BaseModel):
    """`total`: all samples of the range, of which these are the ones from `offset` or behind `cursor` on.

    `next`: the cursor with which reading goes on behind the last of these, null when there are no more.
    """

    device_id: int
    readings: list[ReadingOut]
    total: int
    next: str | None


class TrendSeriesOut(BaseModel):
    """Columns of equal length. Null where a bucket has only bad samples: a gap."""

    point_id: int
    at_ms: list[int]
    min: list[float | None]
    max: list[float | None]
    mean: list[float | None]
    last: list[float | None]
    good_percent: list[float]


class TrendOut(BaseModel):
    """`bucket_ms` is 0 when the series are raw samples: then min, max, mean and last are the sample's value."""

    start_ms: int
    end_ms: int
    bucket_ms: int
    series: list[TrendSeriesOut]


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a long answer."""

    limit: Annotated[int, Query(ge=1, le=10_000)] = 100
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0
    order: Annotated[Literal["asc", "desc"], Query(description="oldest or newest first")] = "asc"
    cursor: Annotated[
        str | None, Query(max_length=64, description="`next` of the previous page; instead of offset")
    ] = None

    @property
    def after(self) -> Cursor | None:
        """Where the page before ended. Raises ApiError."""
        if self.cursor is None:
            return None
        if self.offset:
            raise ApiError(422, "invalid_cursor", "allowed is one of cursor and offset, not both", "offset")
        return cursor_in(self.cursor)


def cursor_in(text: str) -> Cursor:
    """The last sample of a page, as the page tells it. Raises ApiError."""
    match = _CURSOR.fullmatch(text)
    if match is None:
        raise ApiError(422, "invalid_cursor", "allowed is `next` of the previous page", "cursor")
    return Cursor(int(match[1]), PointId(int(match[2])))


@router.get("/readings/{device_id}")
async def readings(
    device_id: Id,
    parts: Running,
    page: Annotated[Page, Depends()],
    asked: Annotated[Asked, Depends()],
    span: Annotated[Span, Depends()],
    aggregate: Annotated[Interval | None, Query(description="aggregate instead of raw samples")] = None,
) -> ReadingsOut | AggregatedReadingsOut:
    """Samples of a device, or aggregates, oldest first unless `order=desc`; 404 when there are none.

    Default: the last day. `status` is computed from the current thresholds, for each sample on its own.
    """
    entry = parts.roster.get(DeviceId(device_id))
    if entry is None:
        raise not_found("device", device_id)
    start_ms, end_ms = span.of(parts, _DAY_MS)
    series = await series_of(parts, entry, asked)
    within = max(start_ms, series.from_ms), end_ms
    if aggregate is not None:
        answer = await _aggregated(parts, device_id, series, page, within, aggregate)
        _check_any(entry, asked, answer.total)
        return answer
    limit, after = page.offset + page.limit, page.after
    batch = await parts.historian.read(
        series.points, *within, limit=limit, descending=page.order == "desc", after=after
    )
    total = await parts.historian.count(series.points, *within)
    _check_any(entry, asked, total)
    digits = await _digits(parts, batch)
    on = f"{batch.at_ms[-1]}.{batch.point_id[-1]}" if len(batch) == limit else None
    rows = _rows(entry, series, batch, digits)[page.offset :]
    return ReadingsOut(device_id=device_id, readings=rows, total=total, next=on)


async def _aggregated(
    parts: Parts, device_id: int, series: Series, page: Page, within: tuple[int, int], interval: Interval
) -> AggregatedReadingsOut:
    if page.cursor is not None:
        raise ApiError(422, "invalid_cursor", "buckets are read on with offset", "cursor")
    found = await buckets_of(parts, series.points, within, interval, descending=page.order == "desc")
    rows = readings_of(page_of(found, page.offset, page.limit), series.key_of)
    return AggregatedReadingsOut(device_id=device_id, aggregate=interval, readings=rows, total=len(found))


def _check_any(entry: RosterEntry, asked: Asked, total: int) -> None:
    """Raises ApiError for a device without readings; a trend log may well have none yet."""
    if not total and asked.trend_log_id is None:
        raise ApiError(404, "no_readings", f"{entry.device.name} has no readings in this range")


async def _digits(parts: Parts, batch: SampleBatch) -> dict[tuple[int, int], str]:
    """By point and time, the digits of whole numbers that their values only come near to."""
    wide = batch.where(np.abs(batch.value) >= EXACT_BELOW)
    found: dict[tuple[int, int], str] = {}
    for point in np.unique(wide.point_id).tolist():
        own = wide.where(wide.point_id == point)
        texts = await parts.historian.texts(PointId(point), int(own.at_ms.min()), int(own.at_ms.max()) + 1)
        for at_ms, digits in zip(own.at_ms.tolist(), digits_of_all(own.at_ms, own.value, texts), strict=True):
            if digits is not None:
                found[point, at_ms] = digits
    return found


def _rows(
    entry: RosterEntry, series: Series, batch: SampleBatch, digits: dict[tuple[int, int], str]
) -> list[ReadingOut]:
    thresholds = {point: entry.device.thresholds.get(series.key_of[point]) for point in series.points}
    columns = (batch.point_id, batch.at_ms, batch.value, batch.quality)
    statuses = alerts_of_samples(thresholds, series.points, batch)
    rows = zip(*(column.tolist() for column in columns), statuses, strict=True)
    return [
        ReadingOut(
            timestamp=to_iso(at_ms),
            point_id=point,
            key=series.key_of[point],
            value=value if Quality(code).has_value else None,
            text=digits.get((point, at_ms)),
            quality=Quality(code).level,
            reason=Quality(code).reason,
            status=status,
        )
        for point, at_ms, value, code, status in rows
    ]


@router.get("/trend", response_model=TrendOut)
async def trend(
    parts: Running,
    asked: Annotated[PointsAsked, Depends()],
    start_time: StartTime = None,
    end_time: EndTime = None,
    buckets: Annotated[int, Query(ge=10, le=5000, description="about the width of the chart in pixels")] = 800,
) -> Response:
    """Points over a range in about `buckets` columns each; raw samples if no point has more."""
    start_ms, end_ms = range_of(parts, start_time, end_time, _DAY_MS // 24)
    points = asked.ids(parts)
    least_ms = -(-(end_ms - start_ms) // buckets)
    may_be_raw = least_ms >= _MINUTE_MS or await _have_few(parts, points, (start_ms, end_ms), buckets)
    bucket_ms = _whole(max(_MINUTE_MS if may_be_raw else 1, least_ms))
    found = await parts.historian.buckets(points, start_ms, end_ms, bucket_ms)
    if may_be_raw and await _is_told_by_samples(parts, points, (start_ms, end_ms), found, buckets):
        bucket_ms = 0
        series = [await _raw(parts, point, start_ms, end_ms, buckets) for point in points]
    else:
        series = [_bucketed(found, point) for point in points]
    body = {"start_ms": start_ms, "end_ms": end_ms, "bucket_ms": bucket_ms, "series": series}
    return Response(orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY), media_type="application/json")


async def _have_few(parts: Parts, points: list[PointId], within: tuple[int, int], most: int) -> bool:
    """Whether no point has more samples than this."""
    total = await parts.historian.count(points, *within)
    if total <= most or total > most * len(points):
        return total <= most
    for point in points:
        if await parts.historian.count([point], *within) > most:
            return False
    return True


async def _is_told_by_samples(
    parts: Parts, points: list[PointId], within: tuple[int, int], found: Buckets, most: int
) -> bool:
    """Whether the samples tell all of the buckets, and no point has more of them than this.

    A long range of many samples is gone over once: what its buckets count tells that they are many.
    """
    if any(found.count[found.point_id == point].sum() > most for point in points):
        return False
    return bool(found.count.sum() <= await parts.historian.count(points, *within))


def _whole(bucket_ms: int) -> int:
    """No less than this; in whole hours or minutes, as roll-ups tell them where the samples are gone."""
    for unit_ms in (3_600_000, _MINUTE_MS):
        if bucket_ms >= unit_ms:
            return -(-bucket_ms // unit_ms) * unit_ms
    return bucket_ms


async def _raw(parts: Parts, point: PointId, start_ms: int, end_ms: int, limit: int) -> dict[str, object]:
    batch = await parts.historian.read([point], start_ms, end_ms, limit=limit)
    value = batch.value
    good_percent = np.where(batch.has_value, 100.0, 0.0)
    return _series(point, batch.at_ms, [value, value, value, value], good_percent)


def _bucketed(found: Buckets, point: PointId) -> dict[str, object]:
    own = found.point_id == point
    columns = [column[own] for column in (found.minimum, found.maximum, found.mean, found.last)]
    good_percent = 100.0 * found.good_count[own] / found.count[own]
    return _series(point, found.start_ms[own], columns, good_percent)


def _series(
    point: PointId,
    at_ms: np.ndarray[tuple[int], np.dtype[np.int64]],
    columns: list[np.ndarray[tuple[int], np.dtype[np.float64]]],
    good_percent: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> dict[str, object]:
    low, high, mean, last = (np.ascontiguousarray(column) for column in columns)
    return {
        "point_id": point,
        "at_ms": np.ascontiguousarray(at_ms),
        "min": low,
        "max": high,
        "mean": mean,
        "last": last,
        "good_percent": good_percent,
    }
