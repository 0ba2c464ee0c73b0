"""Files of what was recorded: of a device, of several, of a group; samples or buckets, as CSV, Parquet or XLSX."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import StreamingResponse

from stripchart.api.downloads import PACKED_TYPES, Download, Downloads
from stripchart.api.errors import ApiError, ErrorOut, not_found
from stripchart.api.export_file import file_of
from stripchart.api.export_request import UTC_NAME, ExportRequest
from stripchart.api.file_names import safe_name
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.catalog.roster import RosterEntry
from stripchart.model.device import DeviceId
from stripchart.model.group import GroupId

_MOST_DEVICES = 1000
_ZONE_OF_SITE = "site"

_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {"text/csv": {}, **{kind: {} for kind in PACKED_TYPES.values()}}},
    404: {"model": ErrorOut, "description": "There is no such device, or nothing was recorded"},
    429: {"model": ErrorOut, "description": "Too many exports are under way"},
}

router = APIRouter(
    prefix="/api/export", tags=["export"], default_response_class=StreamingResponse, responses=_ANSWERS
)


async def _downloads(request: Request) -> Downloads:
    downloads: Downloads = request.app.state.downloads
    return downloads


Places = Annotated[Downloads, Depends(_downloads)]
Wanted = Annotated[ExportRequest, Depends()]


@router.get("/device/{device_id}")
async def export_device(device_id: Id, parts: Running, wanted: Wanted, downloads: Places) -> Download:
    """Export a device: header, then rows point by point, oldest first. Without a start: everything stored."""
    entry = _entry(parts, device_id)
    return await _file(parts, wanted, [entry], safe_name(entry.device.name), downloads)


@router.get("/devices")
async def export_devices(
    device_ids: Annotated[str, Query(max_length=12_000, description="comma-separated ids")],
    parts: Running,
    wanted: Wanted,
    downloads: Places,
) -> Download:
    """Export several devices, in the given order."""
    entries = [_entry(parts, id_) for id_ in _ids(device_ids)]
    return await _file(parts, wanted, entries, "multi_device_export", downloads)


@router.get("/group/{group_id}")
async def export_group(group_id: Id, parts: Running, wanted: Wanted, downloads: Places) -> Download:
    """Export the devices of a group, in its order. A group without devices gives a header only."""
    group = await parts.catalog.groups.one(GroupId(group_id))
    entries = [entry for device in group.devices if (entry := parts.roster.get(device)) is not None]
    return await _file(parts, wanted, entries, safe_name(group.name), downloads)


def _ids(device_ids: str) -> list[int]:
    given = [each.strip() for each in device_ids.split(",") if each.strip()]
    allowed = f"allowed are 1 to {_MOST_DEVICES} comma-separated ids, as 1,2,3"
    if not 1 <= len(given) <= _MOST_DEVICES:
        raise ApiError(422, "invalid_device_ids", f"{len(given)} ids: {allowed}", "device_ids")
    for each in given:
        if not (each.isascii() and each.isdecimal() and 1 <= int(each[:11]) <= 2_147_483_647):
            raise ApiError(422, "invalid_device_ids", f"{each[:20]!r}: {allowed}", "device_ids")
    return list(dict.fromkeys(map(int, given)))


def _entry(parts: Parts, device_id: int) -> RosterEntry:
    entry = parts.roster.get(DeviceId(device_id))
    if entry is None:
        raise not_found("device", device_id)
    return entry


async def _file(
    parts: Parts, wanted: ExportRequest, entries: Sequence[RosterEntry], things: str, downloads: Downloads
) -> Download:
    """Raises ApiError before anything is sent."""
    if wanted.zone == _ZONE_OF_SITE:
        wanted = replace(wanted, zone=await _zone_of(parts, entries))
    return await file_of(parts, wanted, entries, things, downloads)


async def _zone_of(parts: Parts, entries: Sequence[RosterEntry]) -> str:
    """The zone that all these devices are in. Raises ApiError when there are several."""
    zone_of = {site.id: site.zone for site in await parts.catalog.sites()}
    zones = sorted({zone_of[entry.device.site_id] for entry in entries if entry.device.site_id in zone_of})
    if len(zones) > 1:
        raise ApiError(422, "several_zones", f"the devices are in {', '.join(zones)}: say which zone to tell", "zone")
    return zones[0] if zones else UTC_NAME
