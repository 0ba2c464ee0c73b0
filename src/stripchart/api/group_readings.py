"""What the devices of a group recorded, samples or buckets, with the names that belong to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from stripchart.api.aggregated import AggregatedReadingOut, Interval, buckets_of, page_of, readings_of
from stripchart.api.alerts import alerts_of_samples
from stripchart.api.parts import Parts
from stripchart.catalog.roster import RosterEntry
from stripchart.model.alarm import Alert
from stripchart.model.point import DataType, Point
from stripchart.model.quality import Level, Quality
from stripchart.model.sample import PointId
from stripchart.model.time import to_iso


class GroupReadingOut(BaseModel):
    """`value` is null exactly when it is bad; `status`: what it is by the thresholds of now."""

    device_id: int
    device_name: str
    timestamp: str
    point_id: int
    key: str
    value: float | None
    unit: str
    quality: Level
    status: Alert | None


class GroupAggregatedOut(AggregatedReadingOut):
    device_id: int
    device_name: str
    unit: str


class GroupReadingsOut(BaseModel):
    """`total`: all samples, or buckets, of the range, of which these are the first. `aggregate`: of what."""

    group_id: int
    group_name: str
    aggregate: Interval | None
    readings: list[GroupReadingOut] | list[GroupAggregatedOut]
    total: int


@dataclass(frozen=True, slots=True)
class Question:
    """Which range (half-open, milliseconds), and which rows of it."""

    span: tuple[int, int]
    offset: int
    limit: int
    descending: bool


_Owned = dict[PointId, tuple[RosterEntry, Point]]


def numbers_of(entries: Sequence[RosterEntry]) -> _Owned:
    """The points of the devices that are numbers, by id."""
    return {
        PointId(id_): (entry, point)
        for entry in entries
        for id_, point in zip(entry.point_ids.tolist(), entry.points, strict=True)
        if point.type is not DataType.STRING
    }


async def samples_of_group(parts: Parts, owned: _Owned, asked: Question) -> tuple[list[GroupReadingOut], int]:
    """The rows that are asked for, and how many there are in all."""
    points = list(owned)
    limit = asked.offset + asked.limit
    batch = await parts.historian.read(points, *asked.span, limit=limit, descending=asked.descending)
    total = await parts.historian.count(points, *asked.span)
    thresholds = {id_: entry.device.thresholds.get(point.key) for id_, (entry, point) in owned.items()}
    statuses = alerts_of_samples(thresholds, points, batch)
    columns = (batch.point_id, batch.at_ms, batch.value, batch.quality)
    rows = list(zip(*(column.tolist() for column in columns), statuses, strict=True))[asked.offset :]
    readings = [
        _reading(*owned[PointId(id_)], id_, (at_ms, value, Quality(code)), status)
        for id_, at_ms, value, code, status in rows
    ]
    return readings, total


def _reading(
    entry: RosterEntry, point: Point, point_id: int, sample: tuple[int, float, Quality], status: Alert | None
) -> GroupReadingOut:
    at_ms, value, quality = sample
    return GroupReadingOut(
        device_id=entry.device.id,
        device_name=entry.device.name,
        timestamp=to_iso(at_ms),
        point_id=point_id,
        key=point.key,
        value=value if quality.has_value else None,
        unit=point.unit,
        quality=quality.level,
        status=status,
    )


async def buckets_of_group(
    parts: Parts, owned: _Owned, asked: Question, interval: Interval
) -> tuple[list[GroupAggregatedOut], int]:
    """The rows that are asked for, and how many there are in all."""
    found = await buckets_of(parts, list(owned), asked.span, interval, descending=asked.descending)
    key_of = {int(id_): point.key for id_, (_, point) in owned.items()}
    rows = []
    for reading in readings_of(page_of(found, asked.offset, asked.limit), key_of):
        entry, point = owned[PointId(reading.point_id)]
        device = entry.device
        rows.append(
            GroupAggregatedOut(**dict(reading), device_id=device.id, device_name=device.name, unit=point.unit)
        )
    return rows, len(found)
