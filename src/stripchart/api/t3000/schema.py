"""What the T3000 API takes and gives. Times are Unix seconds; flags are 0 and 1; rates are 0 to 1."""

from typing import Annotated

from pydantic import BaseModel, Field, Strict

from stripchart.api.body import Body
from stripchart.api.ids import Id
from stripchart.catalog.trend_logs import LONGEST_INTERVAL_S, MOST_POINTS, MOST_SAMPLES
from stripchart.model.point_address import PointType
from stripchart.model.quality import Level, Reason

MOST_AT_ONCE = 10_000
"""Values in one batch."""

_LATEST_S = 253_402_300_799
"""The end of the year 9999."""

Seconds = Annotated[int, Field(ge=0, le=_LATEST_S)]
Number = Annotated[int, Field(ge=0, le=2**53)]
Finite = Annotated[float, Strict(), Field(allow_inf_nan=False)]


class DataPointOut(BaseModel):
    """Value of a point. `value` is null if there is none, and for a text, which is in `text`.

    `timestamp`: when it was read; null: never. `is_fresh`: 1 while it is no older than three poll periods.
    `cache_duration`: seconds for which it is served from the cache. `quality` uncertain, `reason` stale: the last
    known value; `device_error` then says why the device could not be read.
    """

    device_id: int
    point_type: int
    point_number: int
    point_name: str
    data_type: str
    unit_code: int | None
    unit_symbol: str
    value: float | None
    text: str | None
    timestamp: int | None
    age_seconds: float | None
    quality: Level
    reason: Reason | None
    is_fresh: int
    cache_duration: int


class ReadPointOut(DataPointOut):
    device_error: str | None


class CacheStatsOut(BaseModel):
    """`cache_hit_rate`: of the values of the device that were asked for since the start, the share that was fresh."""

    total_points: int
    fresh_points: int
    stale_points: int
    cache_hit_rate: float


class DeviceDataOut(BaseModel):
    """`last_updated`: when the newest of the values was taken; 0 before there is any."""

    device_id: int
    points: list[DataPointOut]
    last_updated: int
    cache_stats: CacheStatsOut


class DataPointIn(Body):
    """A value of a point. `timestamp`: when it was taken; default: now.

    Other fields (`data_type` and so on) follow from the device and are ignored.
    """

    point_type: PointType
    point_number: Number
    value: Finite
    timestamp: Seconds | None = None
    device_id: Id | None = None
    data_type: Annotated[str, Field(max_length=40)] | None = None
    unit_code: int | None = None
    unit_symbol: Annotated[str, Field(max_length=40)] | None = None


class DeviceDataIn(Body):
    """Values of a device: all are accepted, or none."""

    data_points: Annotated[list[DataPointIn], Field(min_length=1, max_length=1000)]
    device_id: Id | None = None
    update_timestamp: Seconds | None = None


class UpdatedOut(BaseModel):
    updated: int


class StoredOut(BaseModel):
    stored: int


class TimeSeriesIn(Body):
    """A value to store, as a sample of its point or of a trend log.

    Other fields (`data_type`, `unit_code`) follow from the device and are ignored.
    """

    device_id: Id
    point_type: PointType
    point_number: Number
    value: Finite
    timestamp: Seconds
    data_type: Annotated[str, Field(max_length=40)] | None = None
    unit_code: int | None = None
    trend_log_id: Id | None = None
    id: int | None = None
    created_at: Seconds | None = None


class TimeSeriesOut(BaseModel):
    """A sample, or with an interval what came to be in it. `value` null: there was none, and `quality` is bad.

    `id` and `created_at` are always null: samples are known by point and time.
    """

    id: int | None
    device_id: int
    point_type: int
    point_number: int
    value: float | None
    timestamp: int
    data_type: str
    unit_code: int | None
    trend_log_id: int | None
    created_at: int | None
    quality: Level


class T3DeviceOut(BaseModel):
    """`device_type`: its profile. `is_active` 0: it is not polled. `ip_address` and `port` null: on a serial bus."""

    id: int
    device_name: str
    device_type: str
    ip_address: str | None
    port: int | None
    device_id: int
    is_active: int
    last_seen: int | None
    created_at: int
    updated_at: int


class MonitoringPointOut(BaseModel):
    """`point_name`: its key; `description`: its name in English. `unit_code` null: no code of a T3 panel is known."""

    id: int
    device_id: int
    point_type: int
    point_number: int
    point_name: str
    description: str
    unit_code: int | None
    unit_symbol: str
    data_type: str
    is_active: int
    created_at: int
    updated_at: int


class TimeSeriesAnswerOut(BaseModel):
    """`interval_seconds` 0: the samples themselves."""

    total_points: int
    start_time: int
    end_time: int
    interval_seconds: int
    device_info: T3DeviceOut
    point_info: MonitoringPointOut
    data: list[TimeSeriesOut]


class LoggedPoint(Body):
    point_type: PointType
    point_number: Number


class T3TrendLogIn(Body):
    """A trend log to add; with the `id` or name of an existing one, that one is changed.

    Omitted fields keep their value. Defaults of a new one: all numeric points of the device (at most 100),
    `interval_seconds` from the settings (900), `max_points` 1000 per point, active. Other fields are ignored.
    """

    trend_log_name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    interval_seconds: Annotated[int, Field(ge=1, le=LONGEST_INTERVAL_S)] | None = None
    max_points: Annotated[int, Field(ge=1, le=MOST_SAMPLES)] | None = None
    is_active: Annotated[int, Field(ge=0, le=1)] | None = None
    points: Annotated[list[LoggedPoint], Field(min_length=1, max_length=MOST_POINTS)] | None = None
    id: Id | None = None
    device_id: Id | None = None
    last_collected: Seconds | None = None
    created_at: Seconds | None = None
    updated_at: Seconds | None = None


class LoggedPointOut(BaseModel):
    point_type: int
    point_number: int
    point_name: str


class T3TrendLogOut(BaseModel):
    """`max_points`: so many samples are kept of each of the `points`. `last_collected` null: nothing yet."""

    id: int
    device_id: int
    trend_log_name: str
    interval_seconds: int
    max_points: int
    is_active: int
    last_collected: int | None
    created_at: int
    updated_at: int
    points: list[LoggedPointOut]
