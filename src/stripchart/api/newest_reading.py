"""The newest reading of a device, and how many there are."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from stripchart.api.alerts import alerts_of
from stripchart.api.errors import ApiError, not_found
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.api.ranges import Span
from stripchart.api.series import Asked, series_of
from stripchart.catalog.roster import RosterEntry
from stripchart.model.alarm import Alert
from stripchart.model.device import DeviceId
from stripchart.model.point import DataType
from stripchart.model.quality import Level, Quality, Reason
from stripchart.model.time import to_iso, to_ms
from stripchart.pipeline.latest import NEVER_MS

router = APIRouter(prefix="/api/readings", tags=["readings"])


class NewestReadingOut(BaseModel):
    """`value` is null exactly when it is bad. `status`: what it is by its thresholds, null when bad or stale."""

    device_id: int
    device_name: str
    point_id: int
    key: str
    unit: str
    timestamp: str
    value: float | None
    quality: Level
    reason: Reason | None
    status: Alert | None


class CountOut(BaseModel):
    device_id: int
    count: int


def _entry(parts: Parts, device_id: int) -> RosterEntry:
    entry = parts.roster.get(DeviceId(device_id))
    if entry is None:
        raise not_found("device", device_id)
    return entry


@router.get("/{device_id}/latest")
async def newest_reading(
    device_id: Id,
    parts: Running,
    key: Annotated[str | None, Query(description="which point; default: the first of its tile")] = None,
) -> NewestReadingOut:
    """The latest reading of a point of a device. 404 `no_readings` when it was never read."""
    entry = _entry(parts, device_id)
    place = _place(entry, key)
    points = entry.point_ids[[place]]
    columns = parts.pipeline.latest.values(points, parts.clock.now_ms())
    at_ms, quality = int(columns.at_ms[0]), Quality(int(columns.quality[0]))
    if at_ms == NEVER_MS:
        raise ApiError(404, "no_readings", f"{entry.device.name} has no readings of {entry.points[place].key}")
    return NewestReadingOut(
        device_id=device_id,
        device_name=entry.device.name,
        point_id=int(points[0]),
        key=entry.points[place].key,
        unit=entry.points[place].unit,
        timestamp=to_iso(at_ms),
        value=float(columns.value[0]) if quality.has_value else None,
        quality=quality.level,
        reason=quality.reason,
        status=alerts_of(parts.pipeline.alarms.levels(points), columns.quality)[0],
    )


def _place(entry: RosterEntry, key: str | None) -> int:
    """Where the point is among those of the device. Raises ApiError."""
    if key is None:
        tile = [place for place in entry.overview.tolist() if entry.points[place].type is not DataType.STRING]
        places = [*tile, *entry.judged.tolist(), *range(len(entry.points))]
        if not places:
            raise ApiError(404, "no_readings", f"{entry.device.name} has no points: {entry.problem}")
        return int(places[0])
    if key not in entry.place_of:
        raise ApiError(422, "unknown_point", f"{entry.device.name} has no point {key!r}", "key")
    return entry.place_of[key]


@router.get("/{device_id}/count")
async def count_readings(
    device_id: Id, parts: Running, asked: Annotated[Asked, Depends()], span: Annotated[Span, Depends()]
) -> CountOut:
    """Number of samples in a range; without a start, of all time."""
    series = await series_of(parts, _entry(parts, device_id), asked)
    _, end_ms = span.of(parts, 0)
    start_ms = max(to_ms(span.start_time) if span.start_time else 0, series.from_ms)
    return CountOut(device_id=device_id, count=await parts.historian.count(series.points, start_ms, end_ms))
