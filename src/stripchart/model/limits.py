"""Limits: what a device's profile does not say, and its answers taught. All of it with when and why."""

from dataclasses import dataclass, field, replace

from stripchart.model.block import Block
from stripchart.model.cause import Cause

_FIRST_RETRY_MS = 60_000
_LONGEST_RETRY_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Lesson:
    """A limit. `tries`: how often it was put to the test since, in vain; `retry_ms`: when it is next.

    `why` in words; `cause` by code is what the device did when it was asked for more, if that was it.
    """

    value: float
    why: str
    at_ms: int
    tries: int = 0
    retry_ms: int = 0
    cause: Cause = field(default_factory=Cause)


@dataclass(frozen=True, slots=True)
class Hole:
    """Addresses that no request may ask for together.

    A register that is not there is a hole of its own; so are the two registers on either side of a seam that the
    device does not read across. So a request fails when it has a whole hole in it, not when it touches one.
    `tries`, `retry_ms` and `cause` as in `Lesson`.
    """

    block: Block
    why: str
    at_ms: int
    tries: int = 0
    retry_ms: int = 0
    cause: Cause = field(default_factory=Cause)


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """How long a request takes: `request_s`, and `register_s` more for each register (or 16 bits) in the reply."""

    request_s: float
    register_s: float

    def seconds(self, registers: float) -> float:
        """Time of one request for so many registers."""
        return self.request_s + registers * self.register_s


@dataclass(frozen=True, slots=True)
class Limits:
    """What was learned of one device; None and empty: nothing beyond its profile.

    `max_registers`, `max_bits`: the most one request may ask for. `max_gap`: unwanted addresses worth reading to save
    a request, at the link's speed. `pause_between_s`: the rest the device needs between two requests.
    `round_trip`: as measured last.
    """

    holes: tuple[Hole, ...] = field(default=())
    max_registers: Lesson | None = None
    max_bits: Lesson | None = None
    max_gap: Lesson | None = None
    pause_between_s: Lesson | None = None
    round_trip: RoundTrip | None = None

    def longest(self, *, is_bits: bool) -> Lesson | None:
        """The most bits, or registers, in one request."""
        return self.max_bits if is_bits else self.max_registers

    def with_longest(self, lesson: Lesson | None, *, is_bits: bool) -> "Limits":
        """The same with another limit of length."""
        return replace(self, max_bits=lesson) if is_bits else replace(self, max_registers=lesson)


def next_retry_ms(tries: int, now_ms: int) -> int:
    """When to try again what failed: after 1, 4, 16, 64 minutes ... and in the end once a day.

    Soon at first, because a device that is starting up refuses what it has a minute later.
    """
    return now_ms + min(_FIRST_RETRY_MS << 2 * min(tries, 10), _LONGEST_RETRY_MS)
