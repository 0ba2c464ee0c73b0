"""Trend logs: recording rules with an interval and a number of samples of their own."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from stripchart.api.body import Body
from stripchart.api.errors import ApiError, not_found
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.api.points_asked import known_place
from stripchart.catalog.roster import RosterEntry
from stripchart.catalog.trend_logs import LONGEST_INTERVAL_S, MOST_POINTS, MOST_SAMPLES, NewTrendLog, TrendLogChange
from stripchart.model.complaint import Complaint, ComplaintCode
from stripchart.model.device import DeviceId
from stripchart.model.point import DataType
from stripchart.model.trend_log import DEFAULT_MAX_SAMPLES, TrendLog, TrendLogId

router = APIRouter(prefix="/api/history/trend-logs", tags=["trend logs"])

Keys = Annotated[list[str], Field(min_length=1, max_length=MOST_POINTS)]


class TrendLogIn(Body):
    """A trend log: at each whole multiple of `interval_s` in UTC the latest sample of each point is recorded.

    Without one it is what the settings say, 900. Of each point the newest `max_samples` are kept. `points` are keys
    of the device's points.
    """

    device_id: Id
    name: str = Field(min_length=1, max_length=100)
    points: Keys
    interval_s: int | None = Field(default=None, ge=1, le=LONGEST_INTERVAL_S)
    max_samples: int = Field(default=DEFAULT_MAX_SAMPLES, ge=1, le=MOST_SAMPLES)
    enabled: bool = True


class TrendLogChangeIn(Body):
    """Any subset of a trend log's fields."""

    name: str | None = Field(default=None, min_length=1, max_length=100)
    points: Keys | None = None
    interval_s: int | None = Field(default=None, ge=1, le=LONGEST_INTERVAL_S)
    max_samples: int | None = Field(default=None, ge=1, le=MOST_SAMPLES)
    enabled: bool | None = None


class SeriesOut(BaseModel):
    """`point_id`: under which the log keeps its own samples of the point; trends take it as that of any point."""

    key: str
    point_id: int


class TrendLogOut(BaseModel):
    id: int
    device_id: int
    name: str
    interval_s: int
    max_samples: int
    enabled: bool
    series: list[SeriesOut]


def _out(log: TrendLog) -> TrendLogOut:
    return TrendLogOut(
        id=log.id,
        device_id=log.device_id,
        name=log.name,
        interval_s=log.interval_s,
        max_samples=log.max_samples,
        enabled=log.enabled,
        series=[SeriesOut(key=key, point_id=point) for key, point in log.series.items()],
    )


def _check_points(entry: RosterEntry, keys: list[str]) -> None:
    for key in keys:
        if entry.points[known_place(entry, key, "points")].type is DataType.STRING:
            message = f"{key}: a text has no samples; allowed are other points"
            wrong = Complaint(ComplaintCode.NO_SAMPLES, {"point": key})
            raise ApiError(422, "invalid_value", message, "points", complaint=wrong)


def _entry(parts: Parts, device_id: int) -> RosterEntry:
    entry = parts.roster.get(DeviceId(device_id))
    if entry is None:
        raise not_found("device", device_id)
    return entry


@router.get("")
async def list_trend_logs(
    parts: Running, device_id: Annotated[Id | None, Query(description="only this device")] = None
) -> list[TrendLogOut]:
    """Every trend log, in the order they were added."""
    of_device = None if device_id is None else _entry(parts, device_id).device.id
    return [_out(log) for log in await parts.catalog.trend_logs.all(of_device)]


@router.post("", status_code=201)
async def add_trend_log(body: TrendLogIn, parts: Running) -> TrendLogOut:
    """Add a trend log; recording starts at the next multiple of its interval. 409 when the name is taken."""
    _check_points(_entry(parts, body.device_id), body.points)
    interval_s = body.interval_s or parts.data.collector.options.interval_s
    log = await parts.catalog.trend_logs.add(NewTrendLog(**{**dict(body), "interval_s": interval_s}))
    await parts.changed()
    return _out(log)


@router.get("/{trend_log_id}")
async def one_trend_log(trend_log_id: Id, parts: Running) -> TrendLogOut:
    """A trend log with the ids of its series."""
    return _out(await parts.catalog.trend_logs.one(TrendLogId(trend_log_id)))


@router.put("/{trend_log_id}")
async def change_trend_log(trend_log_id: Id, body: TrendLogChangeIn, parts: Running) -> TrendLogOut:
    """Change a trend log. A point removed and added again continues its old series."""
    log = await parts.catalog.trend_logs.one(TrendLogId(trend_log_id))
    if body.points is not None:
        _check_points(_entry(parts, log.device_id), body.points)
    log = await parts.catalog.trend_logs.update(log.id, TrendLogChange(**dict(body)))
    await parts.changed()
    return _out(log)


@router.delete("/{trend_log_id}", status_code=204)
async def delete_trend_log(
    trend_log_id: Id,
    parts: Running,
    keep_data: Annotated[bool, Query(description="false: delete its samples too, for good")] = True,
) -> Response:
    """Delete a trend log. Its samples stay on disk unless `keep_data` is false."""
    series = await parts.catalog.trend_logs.delete(TrendLogId(trend_log_id), keep_data=keep_data)
    await parts.changed()
    if not keep_data:
        await parts.historian.forget(series)
    return Response(status_code=204)
