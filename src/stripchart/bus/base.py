"""What everybody may know of Redis: how it is doing, that it failed, and what is kept there of devices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from stripchart.model.cause import Cause


class BusError(Exception):
    """Redis is away, did not answer in time, or refused; the message says which, `cause` by code."""

    def __init__(self, message: str, cause: Cause | None = None) -> None:
        super().__init__(message)
        self.cause = cause or Cause()


@dataclass(frozen=True, slots=True)
class BusHealth:
    """`problem`: why Redis is away, `cause` by code; None while it is there. `since_ms`: since when it is
    so, None before that is known. `failures`: what failed since the start, `returns`: how often it was found again.
    """

    place: str
    problem: str | None
    since_ms: int | None
    failures: int
    returns: int
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """What a device says now. `text`: a JSON object, `fields`: names of it, with their values as JSON.

    `samples`: the same for processes of Stripchart, which know what it means.
    """

    device_id: int
    text: str
    fields: Mapping[bytes, bytes]
    samples: bytes


class MetricsStore(Protocol):
    """Where the newest of each device is kept for others; every method raises BusError."""

    async def publish(self, news: Sequence[Publication], *, anew: bool) -> None:
        """Keep each in place of what was kept of its device, and tell those who follow.

        `anew`: fields of before that are not given go; else these are the ones that changed.
        """

    async def samples(self, devices: Sequence[int]) -> dict[int, bytes]:
        """What was kept of these devices last, of those of which there is any."""

    async def devices(self) -> set[int]:
        """Those of which something is kept."""

    async def remove(self, devices: Sequence[int]) -> None:
        """Keep nothing of these any more."""


@dataclass(frozen=True, slots=True)
class BusReport:
    """How Redis is doing, and what it was told since the start: devices `published`, `replaced` by newer news before.

    `waiting`: devices of which it has not the newest. `problem`: why it takes nothing, though it may be there.
    `cause` says so by code.
    """

    health: BusHealth
    problem: str | None
    published: int
    replaced: int
    waiting: int
    cause: Cause | None = None
