"""What a request says about a device, as the catalog takes it: in Stripchart's words or in those of DDMS."""

import ipaddress
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from stripchart.api.device_schema import DeviceChangeIn, DeviceIn, rules_of
from stripchart.api.errors import ApiError
from stripchart.api.register_schema import RegisterIn, ThresholdsIn
from stripchart.catalog.records import DeviceChange, NewDevice
from stripchart.model.alarm import BOUNDS, ThresholdError, Thresholds, check_thresholds
from stripchart.model.complaint import Complaint, ComplaintCode
from stripchart.model.device import Device, Framing, LinkAddress, SiteId
from stripchart.model.own_point import OWN_KEY, OWN_TYPES, USUAL_TYPES, OwnPoint
from stripchart.model.point import DataType, Order

_MODBUS_PORT = 502
_DEFAULT_INTERVAL_S = 10.0
_POINT_FIELDS = ("modbus_register", "modbus_register_count", "data_type", "word_order", "unit")
_NEW: tuple[int | None, str, Order] = (None, "", Order.BIG)
_THRESHOLD_FIELDS = (*(f"threshold_{bound}" for bound in BOUNDS), "hysteresis")

_Any = TypeVar("_Any")
_Number = TypeVar("_Number", int, float)


def new_device(body: DeviceIn, site_id: SiteId) -> NewDevice:
    """Raises ApiError naming the field that is missing, said twice, or makes no sense beside the others."""
    own = _own_point(body, None)
    return NewDevice(
        site_id=site_id,
        name=body.name,
        link=_needed("link", "modbus_ip", _link(body, None)),
        unit_id=_needed("unit_id", "modbus_slave_id", _one("unit_id", body.unit_id, body.modbus_slave_id)),
        profile=(body.profile or "") if own else _needed("profile", "modbus_register", body.profile),
        interval_s=_one("interval_s", body.interval_s, body.sampling_interval) or _DEFAULT_INTERVAL_S,
        enabled=body.enabled,
        description=body.description,
        aligned=body.aligned,
        records=rules_of(body.records),
        retention_days=body.retention_days,
        thresholds=_thresholds(body, body.thresholds, {}, own) or {},
        own=own,
    )


def device_change(body: DeviceChangeIn, device: Device) -> DeviceChange:
    """Raises ApiError as `new_device`. A threshold that is given as null is taken away, one left out stays."""
    own = _own_point(body, device)
    return DeviceChange(
        site_id=None if body.site_id is None else SiteId(body.site_id),
        name=body.name,
        link=_link(body, device.link),
        unit_id=_one("unit_id", body.unit_id, body.modbus_slave_id),
        profile=body.profile,
        interval_s=_one("interval_s", body.interval_s, body.sampling_interval),
        enabled=body.enabled,
        description=body.description,
        aligned=body.aligned,
        records=None if body.records is None else rules_of(body.records),
        retention_days=body.retention_days,
        thresholds=_thresholds(body, body.thresholds, device.thresholds, own or device.own),
        own=own,
    )


def _needed(field: str, other: str, given: _Any | None) -> _Any:
    if given is None:
        message = f"{field}: it is missing (or {other})"
        raise ApiError(422, "invalid_request", message, field, complaint=Complaint(ComplaintCode.REQUIRED))
    return given


def _one(field: str, given: _Number | None, in_ddms: _Number | None) -> _Number | None:
    if given is not None and in_ddms is not None and given != in_ddms:
        raise ApiError(422, "invalid_request", f"{field}: it is said twice, as {given} and as {in_ddms}", field)
    return in_ddms if given is None else given


def _link(body: DeviceIn | DeviceChangeIn, known: LinkAddress | None) -> LinkAddress | None:
    if body.modbus_ip is None and body.modbus_port is None:
        return body.link
    if body.link is not None:
        raise ApiError(422, "invalid_request", "modbus_ip: give it or link, not both", "modbus_ip")
    if known is None or known.framing.is_serial:
        known = LinkAddress(Framing.TCP, port=_MODBUS_PORT)
    host = known.host if body.modbus_ip is None else _address(body.modbus_ip)
    if not host:
        raise ApiError(422, "invalid_request", "modbus_ip: it is missing beside modbus_port", "modbus_ip")
    return replace(known, host=host, port=body.modbus_port or known.port)


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError as error:
        message = f"modbus_ip {text!r}: allowed is an IPv4 or IPv6 address; give `link` for a name"
        raise ApiError(422, "invalid_request", message, "modbus_ip") from error


def _own_point(body: DeviceIn | DeviceChangeIn, device: Device | None) -> OwnPoint | None:
    """The point as it is with what the request says of it; None when the request says nothing."""
    said = [field for field in _POINT_FIELDS if getattr(body, field) is not None]
    if not said:
        return None
    if body.profile is not None:
        message = f"{said[0]}: a device has a profile or a point of its own, not both"
        raise ApiError(422, "invalid_request", message, said[0])
    known = device.own if device else None
    known_address, known_unit, known_order = (known.address, known.unit, known.word_order) if known else _NEW
    address = _needed("modbus_register", "profile", _given(body.modbus_register, known_address))
    type_ = _type(body, known)
    if address + type_.registers > 65_536:
        message = f"modbus_register {address}: with {type_.registers} registers the last is 65535"
        raise ApiError(422, "invalid_request", message, "modbus_register")
    return OwnPoint(
        address=address,
        type=type_,
        unit=_given(body.unit, known_unit) or "",
        word_order=_given(body.word_order, known_order) or Order.BIG,
    )


def _given(new: _Any | None, known: _Any | None) -> _Any | None:
    return known if new is None else new


def _type(body: RegisterIn, known: OwnPoint | None) -> DataType:
    count = body.modbus_register_count
    if body.data_type is not None:
        if body.data_type not in OWN_TYPES:
            allowed = ", ".join(sorted(OWN_TYPES))
            raise ApiError(422, "invalid_request", f"data_type {body.data_type}: allowed are {allowed}", "data_type")
        if count is not None and count != body.data_type.registers:
            message = f"modbus_register_count {count}: {body.data_type} takes {body.data_type.registers}"
            raise ApiError(422, "invalid_request", message, "modbus_register_count")
        return body.data_type
    if known is not None and count in {None, known.type.registers}:
        return known.type
    if count not in USUAL_TYPES and count is not None:
        message = f"modbus_register_count {count}: a value takes 1, 2 or 4 registers; a profile reads several values"
        raise ApiError(422, "invalid_request", message, "modbus_register_count")
    return USUAL_TYPES[count or 1]


def _thresholds(
    body: RegisterIn, given: Mapping[str, ThresholdsIn] | None, known: Mapping[str, Thresholds], own: OwnPoint | None
) -> Mapping[str, Thresholds] | None:
    """All thresholds of the device; None when the request says nothing of them."""
    said = [field for field in _THRESHOLD_FIELDS if field in body.model_fields_set]
    if given is not None:
        if said:
            raise ApiError(422, "invalid_request", f"{said[0]}: give it or thresholds, not both", said[0])
        return {key: Thresholds(**dict(each)) for key, each in given.items()}
    if not said:
        return None
    if own is None:
        message = f"{said[0]}: the device has a profile; name the point, in `thresholds`"
        raise ApiError(422, "invalid_request", message, said[0])
    changed = {field.removeprefix("threshold_"): getattr(body, field) for field in said}
    if "hysteresis" in changed:
        changed["hysteresis"] = changed["hysteresis"] or 0.0
    thresholds = replace(known.get(OWN_KEY, Thresholds()), **changed)
    try:
        check_thresholds(thresholds)
    except ThresholdError as error:
        field = error.field if error.field == "hysteresis" else f"threshold_{error.field}"
        raise ApiError(422, "invalid_value", str(error), field, complaint=error.complaint) from error
    rest = {key: each for key, each in known.items() if key != OWN_KEY}
    return {**rest, OWN_KEY: thresholds} if thresholds.bounds else rest
