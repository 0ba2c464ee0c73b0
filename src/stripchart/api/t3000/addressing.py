"""Which device and point a request is about."""

from typing import Annotated

from fastapi import Path

from stripchart.api.errors import ApiError, not_found
from stripchart.api.parts import Parts
from stripchart.catalog.roster import RosterEntry
from stripchart.model.device import DeviceId
from stripchart.model.point_address import PointAddress, PointAddressError, PointType, parse_point_type

TypeInPath = Annotated[str, Path(max_length=20, description="code or name: 0 or OUT, 1 or IN, 26 or HOLDING, ...")]
NumberInPath = Annotated[int, Path(ge=0, le=2**53, description="from 1; for Modbus tables the 0-based address")]


def entry_of(parts: Parts, device_id: int) -> RosterEntry:
    """Raises ApiError."""
    entry = parts.roster.get(DeviceId(device_id))
    if entry is None:
        raise not_found("device", device_id)
    return entry


def place_of(entry: RosterEntry, point_type: PointType | str, number: int, *, status: int = 404) -> int:
    """The place of the point in the device's profile. Raises ApiError, 422 for a type that there is not."""
    try:
        type_ = point_type if isinstance(point_type, PointType) else parse_point_type(point_type)
    except PointAddressError as error:
        raise ApiError(422, "invalid_value", str(error), "point_type") from error
    address = PointAddress(type_, number)
    place = entry.book.place_at.get(address)
    if place is None:
        why = f"; {entry.problem}" if entry.problem else f"; /api/monitoring-points/{entry.device.id} lists them"
        message = f"{entry.device.name} has no point {address} (point_type {type_.value}, point_number {number}){why}"
        raise ApiError(status, "not_found" if status == 404 else "unknown_point", message, "point_number")
    return place
