"""What devices say now: the newest value of each point with its age and quality, once or as a stream."""

from collections.abc import AsyncIterator, Callable
from enum import StrEnum
from typing import Annotated

import numpy as np
import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from stripchart.api.closing import Closing
from stripchart.api.device_view import last_reading_at
from stripchart.api.errors import not_found
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.catalog.roster import RosterEntry
from stripchart.model.device import DeviceId, DeviceStatus, Trouble
from stripchart.model.exact import EXACT_BELOW
from stripchart.model.point import DataType
from stripchart.model.quality import Level, Quality, Reason
from stripchart.model.sample import PointId
from stripchart.model.time import to_iso
from stripchart.pipeline.latest import NEVER_MS, LatestValues

router = APIRouter(prefix="/api/devices", tags=["live"])

_MOMENT_NS = 250_000_000


class ValueOut(BaseModel):
    """The newest sample of a point. `value` (or `text`, of a string point) is null exactly when it is bad.

    A whole number beyond 2^53, which a JSON number only comes near to, has its digits in `text` or `last_good_text`.
    """

    point_id: int
    key: str
    at: str | None
    age_s: float | None
    value: float | None
    text: str | None
    quality: Level
    reason: Reason | None
    last_good_value: float | None
    last_good_text: str | None
    last_good_age_s: float | None


class LatestOut(BaseModel):
    """A device and its newest values. `timestamp` is when it last answered."""

    device_id: int
    device_name: str
    site_id: int
    status: DeviceStatus
    status_since: str
    trouble: Trouble | None
    error: str | None
    timestamp: str | None
    values: list[ValueOut]


class Values(StrEnum):
    """How much of each device: the points of its tile, or all."""

    OVERVIEW = "overview"
    ALL = "all"


_QUALITIES = {int(quality): (str(quality.level), quality.reason and str(quality.reason)) for quality in Quality}


def latest_of(parts: Parts, entry: RosterEntry, values: Values, now_ms: int) -> dict[str, object]:
    """A LatestOut, as a plain dict ready for orjson."""
    health = parts.supervisor.health(entry.device.id)
    places = entry.overview if values is Values.OVERVIEW else np.arange(len(entry.point_ids))
    columns = parts.pipeline.latest.values(entry.point_ids[places], now_ms)
    return {
        "device_id": entry.device.id,
        "device_name": entry.device.name,
        "site_id": entry.device.site_id,
        "status": str(health.status) if health else str(DeviceStatus.UNKNOWN),
        "status_since": to_iso(health.since_ms if health else parts.started_ms),
        "trouble": health.trouble and str(health.trouble) if health else None,
        "error": health.error if health else entry.problem,
        "timestamp": last_reading_at(parts, entry),
        "values": _values(parts, entry, places.tolist(), columns, now_ms),
    }


def _values(
    parts: Parts, entry: RosterEntry, places: list[int], columns: LatestValues, now_ms: int
) -> list[dict[str, object]]:
    rows = zip(
        places,
        columns.at_ms.tolist(),
        columns.value.tolist(),
        columns.quality.tolist(),
        columns.good_value.tolist(),
        columns.good_at_ms.tolist(),
        strict=True,
    )
    values = []
    for place, at_ms, value, code, good_value, good_at_ms in rows:
        point, point_id = entry.points[place], int(entry.point_ids[place])
        if point.type is DataType.STRING:
            values.append(_text(parts, PointId(point_id), point.key, now_ms))
            continue
        level, reason = _QUALITIES[code]
        values.append(
            {
                "point_id": point_id,
                "key": point.key,
                "at": to_iso(at_ms) if at_ms != NEVER_MS else None,
                "age_s": _age_s(at_ms, now_ms),
                "value": value,
                "text": _digits(parts, point_id, value),
                "quality": level,
                "reason": reason,
                "last_good_value": good_value,
                "last_good_text": _digits(parts, point_id, good_value),
                "last_good_age_s": _age_s(good_at_ms, now_ms),
            }
        )
    return values


def _digits(parts: Parts, point_id: int, value: float) -> str | None:
    return None if -EXACT_BELOW < value < EXACT_BELOW else parts.pipeline.latest.digits(PointId(point_id), value)


def _text(parts: Parts, point_id: PointId, key: str, now_ms: int) -> dict[str, object]:
    known = parts.pipeline.latest.text(point_id, now_ms)
    level, reason = _QUALITIES[known.quality if known else Quality.BAD_NO_DATA]
    return {
        "point_id": point_id,
        "key": key,
        "at": to_iso(known.at_ms) if known else None,
        "age_s": _age_s(known.at_ms, now_ms) if known else None,
        "value": None,
        "text": known.text if known else None,
        "quality": level,
        "reason": reason,
        "last_good_value": None,
        "last_good_text": None,
        "last_good_age_s": None,
    }


def _age_s(at_ms: int, now_ms: int) -> float | None:
    """Never negative: a clock that was set back makes no sample come from the future."""
    return None if at_ms == NEVER_MS else max(0, now_ms - at_ms) / 1000


class LiveFeed:
    """Encodes devices for streams: what several ask for in the same moment is encoded once."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._encoded: dict[tuple[tuple[int, ...], Values], tuple[int, bytes]] = {}

    def event(self, devices: tuple[int, ...], values: Values) -> bytes:
        """An event with the latest of these devices (of all when none is named); NaN becomes null."""
        now_ns = self._parts.clock.monotonic_ns()
        known = self._encoded.get((devices, values))
        if known is not None and now_ns - known[0] < _MOMENT_NS:
            return known[1]
        self._encoded = {key: each for key, each in self._encoded.items() if now_ns - each[0] < _MOMENT_NS}
        event = b"data: " + self._encode(devices, values) + b"\n\n"
        self._encoded[devices, values] = (now_ns, event)
        return event

    def _encode(self, devices: tuple[int, ...], values: Values) -> bytes:
        now_ms = self._parts.clock.now_ms()
        chosen = [entry for entry in self._parts.roster.all() if not devices or entry.device.id in devices]
        return orjson.dumps([latest_of(self._parts, entry, values, now_ms) for entry in chosen])


def _feed(request: Request) -> LiveFeed:
    feed: LiveFeed = request.app.state.feed
    return feed


Feed = Annotated[LiveFeed, Depends(_feed)]


@router.get("/stream", response_model=list[LatestOut], response_class=StreamingResponse)
async def stream(
    parts: Running,
    feed: Feed,
    interval_s: Annotated[float, Query(ge=0.5, le=60, description="seconds between two events")] = 5.0,
    device_id: Annotated[list[Id] | None, Query(description="only these devices")] = None,
    values: Annotated[Values, Query(description="all points, or only those of the tile")] = Values.ALL,
) -> StreamingResponse:
    """Server-sent events: the latest of all devices at once, then again every `interval_s` seconds."""
    devices = tuple(device_id or ())
    unknown = [id_ for id_ in devices if parts.roster.get(DeviceId(id_)) is None]
    if unknown:
        raise not_found("device", unknown[0])
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    events = _events(lambda: feed.event(devices, values), parts.closing, interval_s)
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def _events(event: Callable[[], bytes], closing: Closing, interval_s: float) -> AsyncIterator[bytes]:
    while True:
        yield event()
        if await closing.within(interval_s):
            return


@router.get("/{device_id}/latest", response_model=LatestOut)
async def latest(device_id: Id, parts: Running) -> Response:
    """The newest value of every point of the device."""
    entry = parts.roster.get(DeviceId(device_id))
    if entry is None:
        raise not_found("device", device_id)
    body = orjson.dumps(latest_of(parts, entry, Values.ALL, parts.clock.now_ms()))
    return Response(body, media_type="application/json")
