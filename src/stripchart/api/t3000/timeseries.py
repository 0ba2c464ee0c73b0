"""What points said over a range, as rows; and rows to be kept."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import orjson
from fastapi import APIRouter, Body, Depends, Query, Request, Response

from stripchart.api.downloads import Download, Downloads
from stripchart.api.errors import ApiError, not_found
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.api.t3000.addressing import NumberInPath, TypeInPath, entry_of, place_of
from stripchart.api.t3000.devices import device_words, point_words
from stripchart.api.t3000.envelope import Envelope, EnvelopeRoute, Source, answer, answer_of, closing, opening
from stripchart.api.t3000.incoming import Finder, Incoming
from stripchart.api.t3000.rows import QUALITY_WORDS, woven, written
from stripchart.api.t3000.schema import MOST_AT_ONCE, Seconds, StoredOut, TimeSeriesAnswerOut, TimeSeriesIn
from stripchart.catalog.errors import NotFoundError
from stripchart.catalog.roster import RosterEntry
from stripchart.history.base import Cursor
from stripchart.model.audit import Action, Deed
from stripchart.model.point import Point
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, SampleBatch
from stripchart.model.trend_log import TrendLog, TrendLogId
from stripchart.pipeline.trend_logs import kept_from_ms

router = APIRouter(prefix="/api/timeseries", tags=["t3000"], route_class=EnvelopeRoute)

_MOST_INTERVALS = 100_000
_AT_ONCE = 20_000
"""Rows that are in memory at a time."""
_SHORT = 2000
"""So many rows are written without asking a thread."""


@dataclass(frozen=True, slots=True)
class Range:
    """Unix seconds; both ends belong to it."""

    start_time: int
    end_time: int
    interval_seconds: int | None
    trend_log_id: int | None

    def span_ms(self) -> tuple[int, int]:
        """Half-open, in milliseconds. Raises ApiError."""
        if self.start_time > self.end_time:
            raise ApiError(422, "invalid_range", "start_time must not be after end_time", "start_time")
        intervals = (self.end_time - self.start_time) // (self.interval_seconds or self.end_time + 1)
        if intervals > _MOST_INTERVALS:
            message = f"the range has {intervals} intervals: allowed are at most {_MOST_INTERVALS}"
            raise ApiError(422, "too_many_intervals", message, "interval_seconds")
        return self.start_time * 1000, (self.end_time + 1) * 1000


async def _range(
    start_time: Annotated[Seconds, Query(description="Unix seconds")],
    end_time: Annotated[Seconds, Query(description="Unix seconds, inclusive")],
    interval_seconds: Annotated[
        int | None, Query(ge=1, le=31_622_400, description="aggregate by intervals of this length; default: samples")
    ] = None,
    trend_log_id: Annotated[Id | None, Query(description="samples of this trend log")] = None,
) -> Range:
    return Range(start_time, end_time, interval_seconds, trend_log_id)


@dataclass(frozen=True, slots=True)
class Rows:
    """What the rows of a point have in common."""

    head: bytes
    middle: bytes

    @classmethod
    def of(cls, parts: Parts, entry: RosterEntry, place: int, trend_log_id: int | None) -> "Rows":
        address = point_words(parts, entry, place)
        head = {"id": None, **{name: address[name] for name in ("device_id", "point_type", "point_number")}}
        middle = {
            "data_type": address["data_type"],
            "unit_code": address["unit_code"],
            "trend_log_id": trend_log_id,
            "created_at": None,
        }
        return cls(orjson.dumps(head)[:-1] + b',"value":', b"," + orjson.dumps(middle)[1:-1] + b',"quality":')

    def written(self, batch: SampleBatch) -> bytes:
        """The samples as rows, each followed by a comma."""
        columns: list[Sequence[bytes] | bytes] = [
            self.head,
            written(batch.value),
            b',"timestamp":',
            written(batch.at_ms // 1000),
        ]
        codes = np.unique(batch.quality)
        if len(codes) == 1:
            columns.append(self.middle + QUALITY_WORDS[codes[0]] + b"},")
        else:
            columns += [self.middle, [QUALITY_WORDS[code] for code in batch.quality.tolist()], b"},"]
        return b"".join(woven(columns, len(batch)))


@router.get("/{device_id}/{point_type}/{point_number}", response_model=Envelope[TimeSeriesAnswerOut])
async def timeseries(
    device_id: Id,
    point_type: TypeInPath,
    point_number: NumberInPath,
    range_: Annotated[Range, Depends(_range)],
    parts: Running,
    request: Request,
) -> Response:
    """A point over a range of any length: its samples, or aggregates by interval, oldest first.

    Numbers are aggregated by their mean, states (0 and 1, codes, bit fields) by the last value. Intervals are aligned
    to whole multiples of their length; empty ones are omitted. Long responses are streamed.
    """
    entry = entry_of(parts, device_id)
    place = place_of(entry, point_type, point_number)
    span = range_.span_ms()
    series, from_ms = await _series(parts, entry, place, range_.trend_log_id)
    span = max(span[0], from_ms), span[1]
    if range_.interval_seconds is not None:
        found = await _summed_up(parts, series, entry.points[place], span, range_.interval_seconds)
        total = len(found)
    else:
        found = await parts.historian.read([series], *span, limit=_AT_ONCE)
        total = len(found) if len(found) < _AT_ONCE else await parts.historian.count([series], *span)
    rows = Rows.of(parts, entry, place, range_.trend_log_id)
    head = _head(parts, entry, place, range_, total)
    if total <= len(found):
        body = rows.written(found) if total <= _SHORT else await asyncio.to_thread(rows.written, found)
        return answer_of(head + body[:-1] + b"]}", Source.DATABASE)
    downloads: Downloads = request.app.state.downloads
    downloads.begin()
    content = _pieces(parts, series, span, found, rows)
    return Download(_enveloped(head, content), {}, "application/json", downloads)


def _head(parts: Parts, entry: RosterEntry, place: int, range_: Range, total: int) -> bytes:
    words = {
        "total_points": total,
        "start_time": range_.start_time,
        "end_time": range_.end_time,
        "interval_seconds": range_.interval_seconds or 0,
        "device_info": device_words(parts, entry),
        "point_info": point_words(parts, entry, place),
    }
    return orjson.dumps(words)[:-1] + b',"data":['


async def _series(parts: Parts, entry: RosterEntry, place: int, trend_log_id: int | None) -> tuple[PointId, int]:
    """Under which id the samples are, and from when on they count. Raises ApiError and NotFoundError."""
    if trend_log_id is None:
        return PointId(int(entry.point_ids[place])), 0
    log, key = await parts.catalog.trend_logs.one(TrendLogId(trend_log_id)), entry.points[place].key
    if log.device_id != entry.device.id or key not in log.series:
        raise not_found(f"trend log of {entry.device.name} with {key}:", trend_log_id)
    return log.series[key], await kept_from_ms(parts.historian, [log.series[key]], log.max_samples)


async def _summed_up(
    parts: Parts, series: PointId, point: Point, span: tuple[int, int], interval_s: int
) -> SampleBatch:
    found = await parts.historian.buckets([series], *span, interval_s * 1000)
    value = found.last if point.type.is_state else found.mean
    quality = np.where(found.good_count > 0, Quality.GOOD, Quality.BAD).astype(np.uint8)
    return SampleBatch(found.point_id, found.start_ms, value, quality)


async def _pieces(
    parts: Parts, series: PointId, span: tuple[int, int], first: SampleBatch, rows: Rows
) -> AsyncIterator[bytes]:
    """All rows, each followed by a comma but the last."""
    batch = first
    while True:
        cursor = Cursor(int(batch.at_ms[-1]), series)
        following = asyncio.create_task(parts.historian.read([series], *span, limit=_AT_ONCE, after=cursor))
        try:
            piece = await asyncio.to_thread(rows.written, batch)
            batch = await following
        finally:
            following.cancel()
        if not len(batch):
            yield piece[:-1]
            return
        yield piece


async def _enveloped(head: bytes, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield opening() + head
    async for piece in pieces:
        yield piece
    yield b"]}" + closing(Source.DATABASE)


Batch = Annotated[list[TimeSeriesIn], Body(min_length=1, max_length=MOST_AT_ONCE)]


@router.post("/batch", response_model=Envelope[StoredOut])
async def store_timeseries(body: Batch, parts: Running) -> Response:
    """Store values of any points: all of them, or none. They are on disk when this responds.

    The newest value of a point is shown until there is a newer one.
    """
    finder, incoming = Finder(parts), Incoming(parts.clock)
    logs = await _logs(parts, {each.trend_log_id for each in body if each.trend_log_id is not None})
    for number, each in enumerate(body):
        where = str(number)
        try:
            point, id_, key = finder.point(each.device_id, each.point_type, each.point_number)
        except ApiError as error:
            incoming.refuse(f"{where}.{'device_id' if error.status_code == 404 else 'point_number'}", error.detail)
            continue
        if each.trend_log_id is not None:
            log = logs.get(each.trend_log_id)
            if log is None or log.device_id != each.device_id or key not in log.series:
                incoming.refuse(
                    f"{where}.trend_log_id", f"there is no trend log {each.trend_log_id} that records {key}"
                )
                continue
            id_ = log.series[key]
        incoming.take(where, point, id_, each.timestamp * 1000, each.value)
    batch = incoming.batch(parts.data.kept_from_ms)
    await parts.catalog.audit.note(_deed(body))
    await parts.pipeline.keep(batch)
    return answer({"stored": len(batch)}, Source.DATABASE)


async def _logs(parts: Parts, ids: set[int]) -> dict[int, TrendLog]:
    found = {}
    for id_ in ids:
        try:
            found[id_] = await parts.catalog.trend_logs.one(TrendLogId(id_))
        except NotFoundError:
            continue
    return found


def _deed(body: Sequence[TimeSeriesIn]) -> Deed:
    """What is put down of a batch: how much of what, not each value, which the history has."""
    changes: dict[str, dict[str, object]] = {
        "values": {"new": len(body)},
        "devices": {"new": sorted({each.device_id for each in body})},
        "start_time": {"new": min(each.timestamp for each in body)},
        "end_time": {"new": max(each.timestamp for each in body)},
        "source": {"new": Source.API.value},
    }
    return Deed(action=Action.ADDED, kind="timeseries", subject=f"{len(body)} values", changes=changes)
