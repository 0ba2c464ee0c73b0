"""What everybody may know of Redis: how it is doing, and that it failed."""

from dataclasses import dataclass


class BusError(Exception):
    """Redis is away, did not answer in time, or refused; the message says which."""


@dataclass(frozen=True, slots=True)
class BusHealth:
    """`problem`: why Redis is away; None while it is there. `since_ms`: since when it is
    so, None before that is known. `failures`: what failed since the start, `returns`: how often it was found again.
    """

    place: str
    problem: str | None
    since_ms: int | None
    failures: int
    returns: int
