"""Devices: what is polled, where, and how it goes."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Response

from stripchart.api.device_schema import CheckOut, DeviceChangeIn, DeviceDetailOut, DeviceIn, DeviceOut, RecordIn
from stripchart.api.device_view import check_of, detail_of, summary_of
from stripchart.api.errors import ApiError, not_found
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.catalog.limits import check_device as check_new
from stripchart.catalog.roster import RosterEntry
from stripchart.model.device import Device, DeviceId
from stripchart.model.profile import Profile
from stripchart.profiles.problem import did_you_mean

router = APIRouter(prefix="/api/devices", tags=["devices"])


def _entry(parts: Parts, device_id: int) -> RosterEntry:
    entry = parts.roster.get(DeviceId(device_id))
    if entry is None:
        raise not_found("device", device_id)
    return entry


def _check_records(records: Mapping[str, RecordIn], profile: Profile) -> None:
    keys = {point.key for point in profile.points}
    for key in records.keys() - keys:
        message = f"profile {profile.key!r} has no point {key!r}; {did_you_mean(key, sorted(keys))}"
        raise ApiError(422, "invalid_value", message, f"records.{key}")


@router.get("")
async def list_devices(parts: Running) -> list[DeviceOut]:
    """Every device, ordered by site and name."""
    return [DeviceOut.model_validate(summary_of(parts, entry)) for entry in parts.roster.all()]


@router.post("", status_code=201)
async def add_device(body: DeviceIn, parts: Running) -> DeviceDetailOut:
    """Add a device; it is polled at once. 409 when the name is taken, 422 when the profile does not exist.

    `warnings` of the answer say why it would be read less often than is wanted.
    """
    _check_records(body.records, parts.profiles.get(body.profile))
    device = await parts.catalog.add_device(body.to_model())
    await parts.changed()
    return detail_of(parts, _entry(parts, device.id))


@router.post("/check")
async def check_device(
    body: DeviceIn,
    parts: Running,
    device_id: Annotated[Id | None, Query(description="the device that it would replace")] = None,
) -> CheckOut:
    """Whether a device could be read as often as is wanted, beside the others of its link. Nothing is changed."""
    profile = parts.profiles.get(body.profile)
    _check_records(body.records, profile)
    new = body.to_model()
    check_new(new)
    device = Device(id=DeviceId(device_id or 0), **{name: getattr(new, name) for name in DeviceIn.model_fields})
    return check_of(parts.feasibility(device, profile))


@router.get("/{device_id}")
async def one_device(device_id: Id, parts: Running) -> DeviceDetailOut:
    """A device with its groups and points."""
    return detail_of(parts, _entry(parts, device_id))


@router.put("/{device_id}")
async def change_device(device_id: Id, body: DeviceChangeIn, parts: Running) -> DeviceDetailOut:
    """Change a device's settings; they hold from the next cycle on. `warnings` as for a new device."""
    if body.profile is not None or body.records:
        profile = body.profile or (await parts.catalog.device(DeviceId(device_id))).profile
        _check_records(body.records or {}, parts.profiles.get(profile))
    await parts.catalog.update_device(DeviceId(device_id), body.to_model())
    await parts.changed()
    return detail_of(parts, _entry(parts, device_id))


@router.delete("/{device_id}", status_code=204)
async def delete_device(device_id: Id, parts: Running) -> Response:
    """Stop polling a device and remove it. What was recorded of it stays on disk."""
    await parts.catalog.delete_device(DeviceId(device_id))
    await parts.changed()
    return Response(status_code=204)
