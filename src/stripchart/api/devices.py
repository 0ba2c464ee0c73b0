"""Devices: what is polled, where, and how it goes."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel

from stripchart.api.cause import CauseOut, cause_out
from stripchart.api.device_input import device_change, new_device
from stripchart.api.device_list import DeviceList
from stripchart.api.device_schema import CheckOut, DeviceChangeIn, DeviceDetailOut, DeviceIn, DeviceOut
from stripchart.api.device_view import check_of, detail_of
from stripchart.api.errors import ApiError, not_found
from stripchart.api.ids import Id
from stripchart.api.parts import Parts, Running
from stripchart.api.previewed import PreviewedOut, previewed_of
from stripchart.catalog.limits import check_device as check_new
from stripchart.catalog.records import DeviceChange, NewDevice, NewSite
from stripchart.catalog.roster import RosterEntry
from stripchart.drivers.base import SetupError
from stripchart.model.cause import Cause
from stripchart.model.complaint import GONE, Complaint, ComplaintCode
from stripchart.model.device import Device, DeviceId, DeviceStatus, SiteId
from stripchart.model.point import DataType
from stripchart.model.profile import Profile
from stripchart.model.quality import Level, Reason
from stripchart.profiles.problem import did_you_mean

router = APIRouter(prefix="/api/devices", tags=["devices"])

_FIRST_SITE = NewSite(code="main", name="Main")


async def _listed(request: Request) -> DeviceList:
    devices: DeviceList = request.app.state.device_list
    return devices


Listed = Annotated[DeviceList, Depends(_listed)]


class TestedOut(BaseModel):
    """Whether a device could be read, with the sample read, which is not stored. `error` says why not, in words,
    and `cause` by code."""

    success: bool
    error: str | None
    cause: CauseOut | None
    device_id: int
    device_name: str
    key: str | None
    value: float | None
    text: str | None
    unit: str | None
    quality: Level | None
    reason: Reason | None


def _entry(parts: Parts, device_id: int) -> RosterEntry:
    entry = parts.roster.get(DeviceId(device_id))
    if entry is None:
        raise not_found("device", device_id)
    return entry


def _check_keys(new: NewDevice | DeviceChange, profile: Profile) -> None:
    """Raises ApiError for rules and thresholds of points that are not there, or can have none."""
    types = {point.key: point.type for point in profile.points}
    _check_known("records", new.records or {}, profile, types)
    _check_known("thresholds", new.thresholds or {}, profile, types)
    for key in new.thresholds or {}:
        if types[key] is DataType.STRING:
            wrong = Complaint(ComplaintCode.NO_SAMPLES, {"point": key})
            message = f"point {key!r} is a text, which has no thresholds"
            raise ApiError(422, "invalid_value", message, f"thresholds.{key}", complaint=wrong)


def _check_known(field: str, named: Mapping[str, object], profile: Profile, keys: Iterable[str]) -> None:
    for key in named.keys() - set(keys):
        message = f"profile {profile.key!r} has no point {key!r}; {did_you_mean(key, sorted(keys))}"
        raise ApiError(422, "invalid_value", message, f"{field}.{key}", complaint=GONE)


def _profile_of(parts: Parts, new: NewDevice | DeviceChange, known: Device | None = None) -> Profile:
    """Raises UnknownProfileError and ProfileError."""
    if new.own is not None:
        return parts.profiles.of_own(new.own)
    if new.profile or known is None:
        return parts.profiles.get(new.profile or "")
    return parts.profiles.of(known)


async def _site_of(parts: Parts, body: DeviceIn) -> SiteId | None:
    """The site that is meant; None when there is none yet. Raises ApiError when that is not clear."""
    if body.site_id is not None:
        return SiteId(body.site_id)
    sites = await parts.catalog.sites()
    if len(sites) > 1:
        message = f"site_id: say which of the {len(sites)} sites"
        raise ApiError(422, "invalid_request", message, "site_id", complaint=Complaint(ComplaintCode.REQUIRED))
    return sites[0].id if sites else None


@router.get("", response_model=list[DeviceOut])
async def list_devices(
    devices: Listed, status: Annotated[DeviceStatus | None, Query(description="only devices with this status")] = None
) -> Response:
    """Every device, ordered by site and name."""
    return Response(await devices.encoded(status), media_type="application/json")


@router.post("", status_code=201)
async def add_device(body: DeviceIn, parts: Running) -> DeviceDetailOut:
    """Add a device; it is polled at once. 409 when the name is taken, 422 when the profile does not exist.

    `warnings` in the response say why its interval cannot be kept. Without a site, one is created.
    """
    site_id = await _site_of(parts, body)
    new = new_device(body, site_id or SiteId(0))
    _check_keys(new, _profile_of(parts, new))
    check_new(new)
    if site_id is None:
        new = new_device(body, (await parts.catalog.add_site(_FIRST_SITE)).id)
    device = await parts.catalog.add_device(new)
    await parts.changed()
    return detail_of(parts, _entry(parts, device.id))


@router.post("/check")
async def check_device(
    body: DeviceIn,
    parts: Running,
    device_id: Annotated[Id | None, Query(description="the device it would replace")] = None,
) -> CheckOut:
    """Whether the interval can be kept, with the other devices on the link. Nothing is changed."""
    new = new_device(body, await _site_of(parts, body) or SiteId(0))
    profile = _profile_of(parts, new)
    _check_keys(new, profile)
    check_new(new)
    return check_of(parts.feasibility(_as_if_added(new, device_id or 0), profile))


@router.post("/preview")
async def preview_device(body: DeviceIn, parts: Running) -> list[PreviewedOut]:
    """Read the key values of a device before it is saved; at most 10 seconds. Nothing is stored or changed.

    If the first point cannot be read the others are not tried, and its `error` says why.
    """
    new = new_device(body, await _site_of(parts, body) or SiteId(0))
    profile = _profile_of(parts, new)
    check_new(new)
    seen = await parts.preview(_as_if_added(new, 0), profile)
    return [previewed_of(profile.point(each.key), each) for each in seen]


def _as_if_added(new: NewDevice, device_id: int) -> Device:
    return Device(
        id=DeviceId(device_id),
        site_id=new.site_id,
        name=new.name,
        link=new.link,
        unit_id=new.unit_id,
        profile=new.profile,
        interval_s=new.interval_s,
        own=new.own,
    )


@router.get("/{device_id}")
async def one_device(
    device_id: Id,
    parts: Running,
    overview: Annotated[bool, Query(description="only the points of its tile and its alarms")] = False,
) -> DeviceDetailOut:
    """A device with its groups and points."""
    return detail_of(parts, _entry(parts, device_id), has_all=not overview)


@router.put("/{device_id}")
async def change_device(device_id: Id, body: DeviceChangeIn, parts: Running) -> DeviceDetailOut:
    """Change a device; takes effect on the next poll cycle. `warnings` as for a new device."""
    known = await parts.catalog.device(DeviceId(device_id))
    change = device_change(body, known)
    if change.profile or change.own or change.records or change.thresholds:
        _check_keys(change, _profile_of(parts, change, known))
    await parts.catalog.update_device(DeviceId(device_id), change)
    await parts.changed()
    return detail_of(parts, _entry(parts, device_id))


@router.delete("/{device_id}", status_code=204)
async def delete_device(
    device_id: Id,
    parts: Running,
    keep_data: Annotated[bool, Query(description="true: keep its history; false: delete it for good")] = False,
) -> Response:
    """Stop polling a device and delete it, with its history unless `keep_data` is true."""
    points = await parts.catalog.delete_device(DeviceId(device_id), keep_data=keep_data)
    await parts.changed()
    if not keep_data:
        await parts.historian.forget(points)
    return Response(status_code=204)


@router.post("/{device_id}/test-connection")
async def check_connection(device_id: Id, parts: Running) -> TestedOut:
    """Read one value of a device, over the link it is polled on; at most 10 seconds. Nothing is stored."""
    entry = _entry(parts, device_id)
    device = entry.device
    try:
        probe = await parts.probe(device)
    except SetupError as error:
        return _failed(device, str(error), error.cause)
    if probe.error is not None:
        return _failed(device, probe.error, probe.cause or Cause(), probe.key)
    return TestedOut(
        success=True,
        error=None,
        cause=None,
        device_id=device.id,
        device_name=device.name,
        key=probe.key,
        value=probe.value,
        text=probe.text,
        unit=entry.points[entry.place_of[probe.key]].unit,
        quality=probe.quality.level if probe.quality is not None else None,
        reason=probe.quality.reason if probe.quality is not None else None,
    )


def _failed(device: Device, error: str, cause: Cause, key: str | None = None) -> TestedOut:
    return TestedOut(
        success=False,
        error=error,
        cause=cause_out(cause),
        device_id=device.id,
        device_name=device.name,
        key=key,
        value=None,
        text=None,
        unit=None,
        quality=None,
        reason=None,
    )
