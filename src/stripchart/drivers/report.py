"""What a driver tells of its links: health in figures, and the frames the flight recorder kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from stripchart.model.cause import Cause
from stripchart.model.device import LinkAddress
from stripchart.model.link import LinkOptions


@dataclass(frozen=True, slots=True)
class UnitReport:
    """A unit behind a link. `state`: closed (asked as wanted), open (silent) or probing.

    `asked_again_in_s` and `silent_for_s` are 0 unless it is silent. `average_s`, `slowest_s`: of its replies.
    """

    unit_id: int
    state: str
    silent_for_s: float
    asked_again_in_s: float
    requests: int
    replies: int
    refused: int
    timeouts: int
    late: int
    average_s: float
    slowest_s: float


@dataclass(frozen=True, slots=True)
class FaultReport:
    """Something that went wrong; `unit_id` 0: it concerns the whole link. `number` asks for its frames.

    `cause` says the same as `reason`, by code.
    """

    number: int
    at_ms: int
    kind: str
    unit_id: int
    reason: str
    frames: int
    cause: Cause = field(default_factory=Cause)


@dataclass(frozen=True, slots=True)
class LinkReport:
    """A link in use. `since_ms`: when the state began, None when it never had another. `place`: where it connects to.
    `trouble`: why it is down, in words, and `cause` by code.

    `counters`: what happened since the link was opened. `round_trip_s`: the 50th, 95th and 99th percentile of the
    last exchanges, empty when there was none.
    """

    address: LinkAddress
    state: str
    since_ms: int | None
    trouble: str
    place: str
    waiting: int
    options: LinkOptions
    counters: Mapping[str, int]
    round_trip_s: tuple[float, ...]
    units: Sequence[UnitReport]
    faults: Sequence[FaultReport]
    cause: Cause = field(default_factory=Cause)


@dataclass(frozen=True, slots=True)
class TracedFrame:
    """Bytes that went over a link at once: UTC nanoseconds, whether we sent them, and what they mean in words."""

    at_ns: int
    sent: bool
    data: bytes
    meaning: str


class UnknownTraceError(LookupError):
    """There is no such link in use, or it has kept no such fault."""


class LinkBoard(Protocol):
    """Shows the links in use. Raises UnknownTraceError for an address that is not in use."""

    def own_reports(self, now_ms: int) -> list[LinkReport]:
        """Those that this process uses, by address."""

    async def reports(self, now_ms: int) -> list[LinkReport]:
        """All of them, by address."""

    async def trace(self, address: LinkAddress, *, after_ns: int = 0, fault: int | None = None) -> list[TracedFrame]:
        """The frames kept, the oldest first: those after a moment, or those around a fault."""

    async def capture(self, address: LinkAddress, *, fault: int | None = None) -> bytes:
        """The same as a pcap file."""
