"""Groups: devices that are looked at together."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from stripchart.api.aggregated import Interval
from stripchart.api.alerts import alert_of, alert_summary
from stripchart.api.body import Body
from stripchart.api.device_view import last_reading_at
from stripchart.api.group_readings import (
    GroupAggregatedOut,
    GroupReadingOut,
    GroupReadingsOut,
    Question,
    buckets_of_group,
    numbers_of,
    samples_of_group,
)
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.api.ranges import Span
from stripchart.catalog.groups import GroupChange, NewGroup
from stripchart.catalog.roster import RosterEntry
from stripchart.model.alarm import Alert
from stripchart.model.device import DeviceId, DeviceStatus
from stripchart.model.group import Group, GroupId
from stripchart.model.time import to_iso

router = APIRouter(prefix="/api/groups", tags=["groups"])

_HOUR_MS = 3_600_000
Members = Annotated[list[Id], Field(max_length=10_000)]


class GroupIn(Body):
    """A device listed twice is in the group once."""

    name: str = Field(min_length=1, max_length=100)
    description: str = Field(default="", max_length=500)
    device_ids: Members = Field(default_factory=list)


class GroupChangeIn(Body):
    """Any subset of a group's fields. `device_ids` replaces the whole list."""

    name: str | None = Field(default=None, min_length=1, max_length=100)
    description: str | None = Field(default=None, max_length=500)
    device_ids: Members | None = None


class AlertSummaryOut(BaseModel):
    """Number of devices by state; the counts add up to the number of devices.

    A device has the state of the worst of its points with thresholds; offline when it does not respond, or none of
    them has a value that is neither bad nor stale.
    """

    normal: int
    warning: int
    critical: int
    offline: int


class GroupOut(BaseModel):
    id: int
    name: str
    description: str
    device_count: int
    created_at: str
    updated_at: str


class MemberOut(BaseModel):
    """`unit`: of a single-register device. `status`: whether it responds; `alert`: state of its values."""

    id: int
    name: str
    unit: str | None
    status: DeviceStatus
    alert: Alert
    last_reading_at: str | None


class GroupDetailOut(GroupOut):
    """`devices` by name."""

    devices: list[MemberOut]
    alert_summary: AlertSummaryOut


class GroupAlertsOut(AlertSummaryOut):
    group_id: int


class Rows(BaseModel):
    """Which rows of a long answer."""

    limit: int = Field(default=1000, ge=1, le=10_000)
    offset: int = Field(default=0, ge=0, le=100_000)
    order: Literal["asc", "desc"] = Field(default="asc", description="oldest or newest first")
    hours: float = Field(default=24, gt=0, le=876_000, description="how far back, if no start is given")
    aggregate: Interval | None = Field(default=None, description="aggregate instead of raw samples")


def _entries(parts: Parts, group: Group) -> list[RosterEntry]:
    entries = [parts.roster.get(device) for device in group.devices]
    return [entry for entry in entries if entry is not None]


def _summary(parts: Parts, group: Group) -> dict[str, object]:
    return {
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "device_count": len(_entries(parts, group)),
        "created_at": to_iso(group.created_ms),
        "updated_at": to_iso(group.updated_ms),
    }


def _member(parts: Parts, entry: RosterEntry) -> MemberOut:
    health = parts.supervisor.health(entry.device.id)
    return MemberOut(
        id=entry.device.id,
        name=entry.device.name,
        unit=entry.device.own.unit if entry.device.own else None,
        status=health.status if health else DeviceStatus.UNKNOWN,
        alert=alert_of(parts, entry, parts.clock.now_ms()),
        last_reading_at=last_reading_at(parts, entry),
    )


def _detail(parts: Parts, group: Group) -> GroupDetailOut:
    entries = _entries(parts, group)
    return GroupDetailOut.model_validate(
        {
            **_summary(parts, group),
            "devices": [_member(parts, entry) for entry in entries],
            "alert_summary": alert_summary(parts, entries),
        }
    )


@router.get("")
async def list_groups(parts: Running) -> list[GroupOut]:
    """Every group, ordered by name."""
    groups = sorted(await parts.catalog.groups.all(), key=lambda group: group.name.casefold())
    return [GroupOut.model_validate(_summary(parts, group)) for group in groups]


@router.post("", status_code=201)
async def add_group(body: GroupIn, parts: Running) -> GroupDetailOut:
    """Add a group. 409 when the name is taken (ignoring case), 422 for an unknown device."""
    devices = [DeviceId(device) for device in body.device_ids]
    new = NewGroup(name=body.name, description=body.description, devices=devices)
    return _detail(parts, await parts.catalog.groups.add(new))


@router.get("/{group_id}")
async def one_group(group_id: Id, parts: Running) -> GroupDetailOut:
    """A group with its devices, and how many of them are normal, warning, critical or offline."""
    return _detail(parts, await parts.catalog.groups.one(GroupId(group_id)))


@router.put("/{group_id}")
async def change_group(group_id: Id, body: GroupChangeIn, parts: Running) -> GroupDetailOut:
    """Change a group; `device_ids` replaces its devices."""
    devices = None if body.device_ids is None else [DeviceId(device) for device in body.device_ids]
    change = GroupChange(name=body.name, description=body.description, devices=devices)
    return _detail(parts, await parts.catalog.groups.update(GroupId(group_id), change))


@router.delete("/{group_id}", status_code=204)
async def delete_group(group_id: Id, parts: Running) -> Response:
    """Delete a group; its devices stay."""
    await parts.catalog.groups.delete(GroupId(group_id))
    return Response(status_code=204)


@router.get("/{group_id}/alerts")
async def group_alerts(group_id: Id, parts: Running) -> GroupAlertsOut:
    """The alert summary of a group."""
    group = await parts.catalog.groups.one(GroupId(group_id))
    return GroupAlertsOut.model_validate({"group_id": group.id, **alert_summary(parts, _entries(parts, group))})


@router.get("/{group_id}/readings")
async def group_readings(
    group_id: Id, parts: Running, rows: Annotated[Rows, Query()], span: Annotated[Span, Depends()]
) -> GroupReadingsOut:
    """Readings of the devices of a group, oldest first unless `order=desc`; default: the last 24 hours."""
    group = await parts.catalog.groups.one(GroupId(group_id))
    owned = numbers_of(_entries(parts, group))
    asked = Question(
        span.of(parts, round(rows.hours * _HOUR_MS)), rows.offset, rows.limit, descending=rows.order == "desc"
    )
    readings: list[GroupReadingOut] | list[GroupAggregatedOut]
    if rows.aggregate is None:
        readings, total = await samples_of_group(parts, owned, asked)
    else:
        readings, total = await buckets_of_group(parts, owned, asked, rows.aggregate)
    return GroupReadingsOut(
        group_id=group.id, group_name=group.name, aggregate=rows.aggregate, readings=readings, total=total
    )
