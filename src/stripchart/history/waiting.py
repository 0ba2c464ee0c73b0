"""What waits on the disk while the history's server is away."""

from dataclasses import dataclass
from typing import Protocol

from stripchart.model.cause import Cause


@dataclass(frozen=True, slots=True)
class WaitingHealth:
    """`samples`, `bytes`: what waits, of at most `max_bytes` and `max_hours`. `since_ms`: when the oldest of it came.

    `forwarded`, `dropped`: samples since the start that went on to the server, and that went because a bound was
    reached. `problem`: why the server does not take them now; None while it does. `cause` says so
    by code.
    """

    samples: int
    bytes: int
    since_ms: int | None
    max_bytes: int
    max_hours: float
    forwarded: int
    dropped: int
    problem: str | None
    cause: Cause | None = None


class WaitingRoom(Protocol):
    """Tells what waits."""

    def health(self) -> WaitingHealth:
        """How it is now; cheap enough to ask all the time."""
