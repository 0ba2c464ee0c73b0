"""Devices as answers show them: as they are configured, how they go, and what reading them takes."""

import math
from dataclasses import asdict

from stripchart.api.cause import cause_json
from stripchart.api.device_schema import (
    CheckOut,
    CycleOut,
    DeviceDetailOut,
    GroupOut,
    PointOut,
    RecordOut,
    WarningOut,
)
from stripchart.api.parts import Parts
from stripchart.api.points_now import points_now
from stripchart.catalog.roster import RosterEntry
from stripchart.model.alarm import BOUNDS, Thresholds
from stripchart.model.device import Device, DeviceStatus
from stripchart.model.own_point import OWN_KEY
from stripchart.model.point import Point
from stripchart.model.point_address import PointAddress
from stripchart.model.time import to_iso
from stripchart.polling.feasibility import Feasibility


def summary_of(parts: Parts, entry: RosterEntry) -> dict[str, object]:
    """A device of the list, as plain values."""
    return configured(entry) | going(parts, entry)


def configured(entry: RosterEntry) -> dict[str, object]:
    """What a device is, as long as nobody changes it."""
    device = entry.device
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
        "aligned": device.aligned,
        "records": {key: asdict(rule) for key, rule in device.records.items()},
        "retention_days": device.retention_days,
        "thresholds": {key: asdict(thresholds) for key, thresholds in device.thresholds.items()},
        "created_at": to_iso(device.created_ms),
        "updated_at": to_iso(device.updated_ms),
        **_register(device),
    }


def going(parts: Parts, entry: RosterEntry) -> dict[str, object]:
    """How a device goes."""
    health = parts.supervisor.health(entry.device.id)
    return {
        "status": health.status if health else DeviceStatus.UNKNOWN,
        "status_since": to_iso(health.since_ms if health else parts.started_ms),
        "last_reading_at": last_reading_at(parts, entry),
        "trouble": health.trouble if health else None,
        "error": health.error if health else entry.problem,
        "cause": cause_json(health.cause if health else entry.cause),
        "bad_points": parts.pipeline.latest.bad_by_reason(entry.point_ids),
        "period_s": health.rhythm.period_s if health else None,
        "period_p95_s": health.rhythm.period_p95_s if health else None,
        "poll_s": health.rhythm.duration_s if health else None,
        "missed_slots": health.missed_slots if health else 0,
    }


def _register(device: Device) -> dict[str, object]:
    """The device in the words of DDMS."""
    own, link = device.own, device.link
    thresholds = asdict(device.thresholds.get(OWN_KEY, Thresholds())) if own else {}
    return {
        "modbus_ip": link.host or None,
        "modbus_port": link.port or None,
        "modbus_slave_id": device.unit_id,
        "modbus_register": own.address if own else None,
        "modbus_register_count": own.type.registers if own else None,
        "data_type": own.type if own else None,
        "word_order": own.word_order if own else None,
        "unit": own.unit if own else None,
        "sampling_interval": device.interval_s,
        **{f"threshold_{bound}": thresholds.get(bound) for bound in BOUNDS},
        "hysteresis": thresholds.get("hysteresis"),
    }


def _point(entry: RosterEntry, address: PointAddress, place: int, point: Point) -> PointOut:
    return PointOut(
        id=int(entry.point_ids[place]),
        key=point.key,
        name=dict(point.name),
        group=point.group,
        alarm=point.alarm,
        table=point.table,
        address=point.address,
        reference=point.reference,
        point_type=int(address.type),
        point_number=address.number,
        type=point.type,
        unit=point.unit,
        decimals=point.decimals,
        labels={code: dict(texts) for code, texts in point.labels.items()},
        bits={bit: dict(texts) for bit, texts in point.bits.items()},
        valid_low=point.valid.low if point.valid else None,
        valid_high=point.valid.high if point.valid else None,
        writable=point.writable is not None,
        overview=place in entry.overview,
        record=RecordOut(**asdict(point.record)),
        recorded_every_s=entry.recorded_every_s(point),
    )


def detail_of(parts: Parts, entry: RosterEntry, *, has_all: bool = True) -> DeviceDetailOut:
    """The device with all of its points, or with those alone that its tile shows."""
    profile = entry.profile
    check = check_of(parts.feasibility(entry.device, profile)) if profile else None
    addresses = entry.book.addresses
    return DeviceDetailOut.model_validate(
        {
            **summary_of(parts, entry),
            "profile_name": dict(profile.name) if profile else {},
            "groups": [GroupOut(key=k, name=dict(v)) for k, v in profile.groups.items()] if profile else [],
            "points": [
                _point(entry, addresses[n], n, point)
                for n, point in enumerate(points_now(parts, entry))
                if has_all or n in entry.overview or point.alarm
            ],
            "cycle": check.cycle if check else None,
            "warnings": [*_notices(parts, entry), *(check.warnings if check else [])],
        }
    )


def _notices(parts: Parts, entry: RosterEntry) -> list[WarningOut]:
    health = parts.supervisor.health(entry.device.id)
    return [WarningOut(**asdict(notice)) for notice in health.notices] if health else []


def check_of(found: Feasibility) -> CheckOut:
    """What was found out, for the one who asked."""
    load, shortest_s = found.load, found.shortest_interval_s
    cycle = CycleOut(
        requests=load.requests,
        cycle_s=round(load.cycle_s, 3),
        longest_s=round(load.longest_s, 3),
        silent_s=load.silent_s,
        link_share=round(found.link_share, 3),
        shortest_interval_s=shortest_s if math.isfinite(shortest_s) else None,
    )
    return CheckOut(cycle=cycle, warnings=[WarningOut(**asdict(each)) for each in found.obstacles])


def last_reading_at(parts: Parts, entry: RosterEntry) -> str | None:
    """When the device answered last, before the program was started at last, too."""
    at_ms = last_reading_ms(parts, entry)
    return to_iso(at_ms) if at_ms else None


def last_reading_ms(parts: Parts, entry: RosterEntry) -> int | None:
    """The same in UTC milliseconds."""
    health = parts.supervisor.health(entry.device.id)
    at_ms = health.last_reading_ms if health else None
    return at_ms or parts.pipeline.latest.newest_value_ms(entry.point_ids)
