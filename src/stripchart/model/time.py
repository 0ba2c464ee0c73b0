"""Time: UTC milliseconds inside, ISO 8601 with Z at the edge, a monotonic clock for deciding when."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Two clocks in one: `now_ms` says when something happened, `monotonic_ns` decides when to act."""

    def now_ms(self) -> int:
        """UTC, milliseconds since 1970."""

    def monotonic_ns(self) -> int:
        """Nanoseconds of a clock that never steps."""


class SystemClock:
    """The machine's own clocks."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()


def to_iso(at_ms: int) -> str:
    """1_700_000_000_123 -> '2023-11-14T22:13:20.123Z'."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_ms(moment: datetime) -> int:
    """A datetime as UTC milliseconds; one without a zone is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return round(aware.timestamp() * 1000)
