"""Devices and points in the words of the T3000 API."""

from fastapi import APIRouter, Response

from stripchart.api.device_view import last_reading_ms
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.api.points_now import point_at
from stripchart.api.t3000.addressing import entry_of
from stripchart.api.t3000.envelope import Envelope, EnvelopeRoute, Source, answer
from stripchart.api.t3000.schema import MonitoringPointOut
from stripchart.api.t3000.words import address_words, unit_code
from stripchart.catalog.roster import RosterEntry
from stripchart.model.point import text_in

router = APIRouter(prefix="/api/monitoring-points", tags=["t3000"], route_class=EnvelopeRoute)


@router.get("/{device_id}", response_model=Envelope[list[MonitoringPointOut]])
async def monitoring_points(device_id: Id, parts: Running) -> Response:
    """The points of a device with their addresses, in the order of its profile."""
    entry = entry_of(parts, device_id)
    return answer([point_words(parts, entry, place) for place in range(len(entry.points))], Source.DATABASE)


def point_words(parts: Parts, entry: RosterEntry, place: int) -> dict[str, object]:
    """A point of a device that has a profile, with the unit that it has now."""
    point, device = point_at(parts, entry, place), entry.device
    return {
        "id": int(entry.point_ids[place]),
        "device_id": device.id,
        **address_words(entry, place),
        "point_name": point.key,
        "description": text_in(point.name, "en"),
        "unit_code": unit_code(parts, entry, place),
        "unit_symbol": point.unit,
        "data_type": point.type.value,
        "is_active": int(device.enabled),
        "created_at": device.created_ms // 1000,
        "updated_at": device.updated_ms // 1000,
    }


def device_words(parts: Parts, entry: RosterEntry) -> dict[str, object]:
    device = entry.device
    seen_ms = last_reading_ms(parts, entry)
    return {
        "id": device.id,
        "device_name": device.name,
        "device_type": device.profile,
        "ip_address": device.link.host or None,
        "port": device.link.port or None,
        "device_id": device.id,
        "is_active": int(device.enabled),
        "last_seen": seen_ms // 1000 if seen_ms else None,
        "created_at": device.created_ms // 1000,
        "updated_at": device.updated_ms // 1000,
    }
