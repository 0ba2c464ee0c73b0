"""Group: devices that are looked at together."""

from dataclasses import dataclass
from typing import NewType

from stripchart.model.device import DeviceId

GroupId = NewType("GroupId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """`devices` by name; a device may be in several groups, and a group without devices. Times: UTC milliseconds."""

    id: GroupId
    name: str
    description: str
    devices: tuple[DeviceId, ...]
    created_ms: int
    updated_ms: int
