"""Read plan: in which requests a device is read, and what that costs."""

from dataclasses import dataclass

from stripchart.model.block import Block
from stripchart.model.limits import Limits
from stripchart.model.profile import Pacing, ReadGroup


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """One request: its block, and how many of the addresses a point wants."""

    block: Block
    wanted: int


@dataclass(frozen=True, slots=True)
class PlannedGroup:
    """A read group and its requests."""

    group: ReadGroup
    requests: tuple[PlannedRequest, ...]


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """How a device is read now.

    `pacing` is what holds, `limits` what was learned, `unreadable` the keys of points that no request asks for.
    `estimated_s`: how long a cycle takes in which every group is due, by the link's speed; `measured_s`: the same by
    the round trips of this device; None: not known.
    """

    groups: tuple[PlannedGroup, ...]
    pacing: Pacing
    limits: Limits
    unreadable: tuple[str, ...] = ()
    estimated_s: float | None = None
    measured_s: float | None = None

    @property
    def requests(self) -> int:
        """In a cycle in which every group is due."""
        return sum(len(group.requests) for group in self.groups)

    @property
    def wanted(self) -> int:
        """Registers and bits that points want."""
        return sum(request.wanted for group in self.groups for request in group.requests)

    @property
    def read(self) -> int:
        """Registers and bits that are read."""
        return sum(len(request.block) for group in self.groups for request in group.requests)

    @property
    def wasted(self) -> int:
        """Read, and wanted by nobody: cheaper than another request."""
        return self.read - self.wanted
