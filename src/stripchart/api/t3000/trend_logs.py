"""Trend logs in the words of the T3000 API: those of a device, and one of them as it is to be."""

import numpy as np
from fastapi import APIRouter, Response

from stripchart.api.errors import ApiError
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.api.t3000.addressing import entry_of, place_of
from stripchart.api.t3000.envelope import Envelope, EnvelopeRoute, Source, answer
from stripchart.api.t3000.schema import LoggedPoint, T3TrendLogIn, T3TrendLogOut
from stripchart.api.t3000.words import address_words
from stripchart.catalog.roster import RosterEntry
from stripchart.catalog.trend_logs import MOST_POINTS, NewTrendLog, TrendLogChange
from stripchart.model.point import DataType
from stripchart.model.trend_log import DEFAULT_MAX_SAMPLES, TrendLog

router = APIRouter(prefix="/api/trend-logs", tags=["t3000"], route_class=EnvelopeRoute)


@router.get("/{device_id}", response_model=Envelope[list[T3TrendLogOut]])
async def trend_logs_of_device(device_id: Id, parts: Running) -> Response:
    """The trend logs of a device, in the order they were added."""
    entry = entry_of(parts, device_id)
    logs = await parts.catalog.trend_logs.all(entry.device.id)
    return answer([_words(parts, entry, log) for log in logs], Source.DATABASE)


@router.post("/{device_id}", response_model=Envelope[T3TrendLogOut])
async def set_trend_log(device_id: Id, body: T3TrendLogIn, parts: Running) -> Response:
    """Change a trend log of the device, or add one; takes effect at the next multiple of its interval."""
    entry = entry_of(parts, device_id)
    if body.device_id not in {None, entry.device.id}:
        raise ApiError(422, "invalid_value", f"{body.device_id}: the address says {entry.device.id}", "device_id")
    keys = None if body.points is None else _keys(entry, body.points)
    known = _meant(await parts.catalog.trend_logs.all(entry.device.id), entry, body)
    if known is None:
        log = await parts.catalog.trend_logs.add(_new(parts, entry, body, keys))
    else:
        log = await parts.catalog.trend_logs.update(known.id, _change(body, keys))
    await parts.changed()
    return answer(_words(parts, entry, log), Source.DATABASE)


def _meant(logs: list[TrendLog], entry: RosterEntry, body: T3TrendLogIn) -> TrendLog | None:
    """Which of the device's logs the body is about; None: a new one. Raises ApiError."""
    if body.id is not None:
        found = next((log for log in logs if log.id == body.id), None)
        if found is None:
            raise ApiError(404, "not_found", f"{entry.device.name} has no trend log {body.id}", "id")
        return found
    if body.trend_log_name is None:
        raise ApiError(422, "invalid_value", "trend_log_name is missing, or the id of a trend log", "trend_log_name")
    name = body.trend_log_name.casefold()
    return next((log for log in logs if log.name.casefold() == name), None)


def _new(parts: Parts, entry: RosterEntry, body: T3TrendLogIn, keys: list[str] | None) -> NewTrendLog:
    return NewTrendLog(
        device_id=entry.device.id,
        name=body.trend_log_name or "",
        points=_numbers(entry) if keys is None else keys,
        interval_s=body.interval_seconds or parts.data.collector.options.interval_s,
        max_samples=body.max_points or DEFAULT_MAX_SAMPLES,
        enabled=body.is_active != 0,
    )


def _change(body: T3TrendLogIn, keys: list[str] | None) -> TrendLogChange:
    return TrendLogChange(
        name=body.trend_log_name,
        points=keys,
        interval_s=body.interval_seconds,
        max_samples=body.max_points,
        enabled=None if body.is_active is None else bool(body.is_active),
    )


def _numbers(entry: RosterEntry) -> list[str]:
    """The points that a log records of which nobody says which. Raises ApiError for a device without any."""
    keys = [point.key for point in entry.points if point.type is not DataType.STRING]
    if not keys:
        raise ApiError(
            422, "no_points", f"{entry.device.name} has no points to record; {entry.problem or ''}", "points"
        )
    return keys[:MOST_POINTS]


def _keys(entry: RosterEntry, points: list[LoggedPoint]) -> list[str]:
    """Raises ApiError."""
    found = []
    for each in points:
        point = entry.points[place_of(entry, each.point_type, each.point_number, status=422)]
        if point.type is DataType.STRING:
            raise ApiError(422, "invalid_value", f"{point.key}: a text has no samples", "points")
        found.append(point.key)
    return found


def _words(parts: Parts, entry: RosterEntry, log: TrendLog) -> dict[str, object]:
    series = np.array(list(log.series.values()), np.int32)
    collected_ms = parts.pipeline.latest.newest_ms(series)
    return {
        "id": log.id,
        "device_id": log.device_id,
        "trend_log_name": log.name,
        "interval_seconds": log.interval_s,
        "max_points": log.max_samples,
        "is_active": int(log.enabled),
        "last_collected": collected_ms // 1000 if collected_ms else None,
        "created_at": log.created_ms // 1000,
        "updated_at": log.updated_ms // 1000,
        "points": [_logged(entry, entry.place_of[key]) for key in log.series if key in entry.place_of],
    }


def _logged(entry: RosterEntry, place: int) -> dict[str, object]:
    return {**address_words(entry, place), "point_name": entry.points[place].key}
