"""What goes into the catalog and what comes out beside `Site` and `Device`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

from stripchart.model.alarm import Thresholds
from stripchart.model.device import DeviceId, LinkAddress, SiteId
from stripchart.model.own_point import OwnPoint
from stripchart.model.point import RecordRule
from stripchart.model.sample import PointId

_New = TypeVar("_New", "NewSite", "NewDevice")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSite:
    """A site to be. `code`: 1 to 20 characters, one site each; `name`: 1 to 100; `description`: up to 500.

    `zone`: the IANA name of its time zone.
    """

    code: str
    name: str
    description: str = ""
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteChange:
    """New values for a site; None leaves a field as it is."""

    code: str | None = None
    name: str | None = None
    description: str | None = None
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDevice:
    """A device to be. `name`: 1 to 100 characters, one device each; `description`: up to 500.

    `unit_id` is one the link's framing has; `profile` is the key of a profile, which the caller has looked up, or
    empty for a device with a point of its own (`own`). `interval_s` is 1 to 3600; `aligned`, `records`,
    `retention_days` (0 to 36500) and `thresholds` as in `Device`.
    """

    site_id: SiteId
    name: str
    link: LinkAddress
    unit_id: int
    profile: str
    interval_s: float
    enabled: bool = True
    description: str = ""
    aligned: bool = False
    records: Mapping[str, RecordRule] = field(default_factory=dict)
    retention_days: int = 0
    thresholds: Mapping[str, Thresholds] = field(default_factory=dict)
    own: OwnPoint | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceChange:
    """New values for a device; None leaves a field as it is. A profile takes the place of an own point, and back."""

    site_id: SiteId | None = None
    name: str | None = None
    link: LinkAddress | None = None
    unit_id: int | None = None
    profile: str | None = None
    interval_s: float | None = None
    enabled: bool | None = None
    description: str | None = None
    aligned: bool | None = None
    records: Mapping[str, RecordRule] | None = None
    retention_days: int | None = None
    thresholds: Mapping[str, Thresholds] | None = None
    own: OwnPoint | None = None


@dataclass(frozen=True, slots=True)
class CatalogPoint:
    """The id under which the history of a device's point is kept. Retired: the device has no such point now."""

    id: PointId
    device_id: DeviceId
    key: str
    retired: bool


def changed_device(record: NewDevice, change: DeviceChange) -> NewDevice:
    """The device with the fields the change gives."""
    if change.profile is not None and change.own is None:
        record = replace(record, own=None)
    elif change.own is not None and change.profile is None:
        record = replace(record, profile="")
    return changed(record, change)


def changed(record: _New, change: SiteChange | DeviceChange) -> _New:
    """The record with the fields the change gives."""
    given = {field.name: getattr(change, field.name) for field in fields(change)}
    return replace(record, **{name: value for name, value in given.items() if value is not None})
