"""The polling grid. Pure, in whole nanoseconds, so that it never drifts."""

from dataclasses import dataclass

_GOLDEN_RATIO = 0.618_033_988_749_895
_GRAIN_NS = 5_000_000
"""Between two slots of different devices, where they are not the same: who is due together shares a wake-up."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Slots every `every_ns`, the first one `offset_ns` after zero of the monotonic clock."""

    every_ns: int
    offset_ns: int

    def next_slot(self, now_ns: int) -> int:
        """The first slot after now."""
        return now_ns + self.every_ns - (now_ns - self.offset_ns) % self.every_ns

    def missed(self, started_ns: int, next_ns: int) -> int:
        """Slots between the start of a poll and the next slot it leaves free: skipped, never made up for."""
        return max(0, (next_ns - self.next_slot(started_ns)) // self.every_ns)


def staggered(interval_s: float, number: int) -> Grid:
    """The grid of the `number`-th device: multiples of the golden ratio spread any count of devices evenly.

    A large fleet is read by small groups. To wake up for each device of a thousand a second took a sixth of the
    processor time of their polls.
    """
    every_ns = round(interval_s * 1e9)
    offset_ns = int(every_ns * (number * _GOLDEN_RATIO % 1))
    return Grid(every_ns, offset_ns - offset_ns % _GRAIN_NS)


def aligned(interval_s: float, now_ms: int, now_ns: int) -> Grid:
    """The grid of whole multiples of the interval since 1970 in UTC. The two times are the same moment."""
    every_ns = round(interval_s * 1e9)
    return Grid(every_ns, (now_ns - now_ms * 1_000_000) % every_ns)
