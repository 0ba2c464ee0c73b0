"""Devices: what is polled, where, and how it goes."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from stripchart.api.body import Body
from stripchart.api.errors import not_found
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.catalog.records import DeviceChange, NewDevice
from stripchart.catalog.roster import RosterEntry
from stripchart.model.device import AddressError, DeviceId, DeviceStatus, Framing, LinkAddress, parse_link
from stripchart.model.point import DataType, Point, Table
from stripchart.model.time import to_iso

router = APIRouter(prefix="/api/devices", tags=["devices"])

TextsOut = dict[str, str]


_LINK_EXAMPLES = ["tcp://192.168.1.10:502", "rtu_over_tcp://192.168.1.11:26", "rtu:///dev/ttyUSB0?baudrate=9600"]


def _understood(link: object) -> LinkAddress:
    if not isinstance(link, str):
        raise AddressError("a link is a text, written framing://host:port")
    return parse_link(link)


Link = Annotated[
    LinkAddress, BeforeValidator(_understood), WithJsonSchema({"type": "string", "examples": _LINK_EXAMPLES})
]


class DeviceIn(Body):
    """A device to poll. `link` is `framing://host:port`, or `rtu:///dev/ttyUSB0?baudrate=9600` for a serial bus."""

    name: str = Field(min_length=1, max_length=100)
    site_id: Id
    link: Link
    unit_id: int = Field(ge=1, le=255)
    profile: str = Field(min_length=1, max_length=100)
    interval_s: float = Field(ge=1, le=3600)
    enabled: bool = True
    description: str = Field(default="", max_length=500)


class DeviceChangeIn(Body):
    """Any subset of a device's settings; what is left out stays as it is."""

    name: str | None = Field(default=None, min_length=1, max_length=100)
    site_id: Id | None = None
    link: Link | None = None
    unit_id: int | None = Field(default=None, ge=1, le=255)
    profile: str | None = Field(default=None, min_length=1, max_length=100)
    interval_s: float | None = Field(default=None, ge=1, le=3600)
    enabled: bool | None = None
    description: str | None = Field(default=None, max_length=500)


class DeviceOut(BaseModel):
    """A device, how it goes since when, and when it answered last. `error` is the last failure, in words."""

    id: int
    name: str
    site_id: int
    link: str
    framing: Framing
    unit_id: int
    profile: str
    kind: str
    interval_s: float
    enabled: bool
    description: str
    status: DeviceStatus
    status_since: str
    last_reading_at: str | None
    error: str | None
    missed_slots: int


class GroupOut(BaseModel):
    key: str
    name: TextsOut


class PointOut(BaseModel):
    """`address` is 0-based as on the wire, `reference` the 1-based notation of manuals (40121).

    `recorded_every_s`: the most seconds between two recorded samples while all is well; longer is a gap.
    """

    id: int
    key: str
    name: TextsOut
    group: str
    table: Table
    address: int
    reference: str
    type: DataType
    unit: str
    decimals: int | None
    labels: dict[int, TextsOut]
    bits: dict[int, TextsOut]
    valid_low: float | None
    valid_high: float | None
    writable: bool
    overview: bool
    recorded_every_s: float


class DeviceDetailOut(DeviceOut):
    profile_name: TextsOut
    groups: list[GroupOut]
    points: list[PointOut]


def _summary(parts: Parts, entry: RosterEntry) -> dict[str, object]:
    device = entry.device
    health = parts.supervisor.health(device.id)
    return {
        "id": device.id,
        "name": device.name,
        "site_id": device.site_id,
        "link": str(device.link),
        "framing": device.link.framing,
        "unit_id": device.unit_id,
        "profile": device.profile,
        "kind": entry.profile.kind if entry.profile else "",
        "interval_s": device.interval_s,
        "enabled": device.enabled,
        "description": device.description,
        "status": health.status if health else DeviceStatus.UNKNOWN,
        "status_since": to_iso(health.since_ms if health else parts.started_ms),
        "last_reading_at": to_iso(health.last_reading_ms) if health and health.last_reading_ms else None,
        "error": health.error if health else entry.problem,
        "missed_slots": health.missed_slots if health else 0,
    }


def _point(entry: RosterEntry, place: int, point: Point) -> PointOut:
    return PointOut(
        id=int(entry.point_ids[place]),
        key=point.key,
        name=dict(point.name),
        group=point.group,
        table=point.table,
        address=point.address,
        reference=point.reference,
        type=point.type,
        unit=point.unit,
        decimals=point.decimals,
        labels={code: dict(texts) for code, texts in point.labels.items()},
        bits={bit: dict(texts) for bit, texts in point.bits.items()},
        valid_low=point.valid.low if point.valid else None,
        valid_high=point.valid.high if point.valid else None,
        writable=point.writable is not None,
        overview=place in entry.overview,
        recorded_every_s=entry.recorded_every_s(point),
    )


def _detail(parts: Parts, entry: RosterEntry) -> DeviceDetailOut:
    profile = entry.profile
    return DeviceDetailOut.model_validate(
        {
            **_summary(parts, entry),
            "profile_name": dict(profile.name) if profile else {},
            "groups": [GroupOut(key=k, name=dict(v)) for k, v in profile.groups.items()] if profile else [],
            "points": [_point(entry, place, point) for place, point in enumerate(entry.points)],
        }
    )


def _entry(parts: Parts, device_id: int) -> RosterEntry:
    entry = parts.roster.get(DeviceId(device_id))
    if entry is None:
        raise not_found("device", device_id)
    return entry


@router.get("")
async def list_devices(parts: Running) -> list[DeviceOut]:
    """Every device, ordered by site and name."""
    return [DeviceOut.model_validate(_summary(parts, entry)) for entry in parts.roster.all()]


@router.post("", status_code=201)
async def add_device(body: DeviceIn, parts: Running) -> DeviceDetailOut:
    """Add a device; it is polled at once. 409 when the name is taken, 422 when the profile does not exist."""
    parts.profiles.get(body.profile)
    device = await parts.catalog.add_device(NewDevice(**dict(body)))
    await parts.changed()
    return _detail(parts, _entry(parts, device.id))


@router.get("/{device_id}")
async def one_device(device_id: Id, parts: Running) -> DeviceDetailOut:
    """A device with its groups and points."""
    return _detail(parts, _entry(parts, device_id))


@router.put("/{device_id}")
async def change_device(device_id: Id, body: DeviceChangeIn, parts: Running) -> DeviceDetailOut:
    """Change a device's settings; they hold from the next cycle on."""
    if body.profile is not None:
        parts.profiles.get(body.profile)
    await parts.catalog.update_device(DeviceId(device_id), DeviceChange(**dict(body)))
    await parts.changed()
    return _detail(parts, _entry(parts, device_id))


@router.delete("/{device_id}", status_code=204)
async def delete_device(device_id: Id, parts: Running) -> Response:
    """Stop polling a device and remove it. What was recorded of it stays on disk."""
    await parts.catalog.delete_device(DeviceId(device_id))
    await parts.changed()
    return Response(status_code=204)
