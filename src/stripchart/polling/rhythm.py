"""How regularly a device is read in truth, and how long that takes."""

from collections import deque
from collections.abc import Collection

_REMEMBERED = 60


class Rhythm:
    """The last polls of a device. Times are nanoseconds of the monotonic clock."""

    __slots__ = ("_durations_ns", "_periods_ns", "_started_ns")

    def __init__(self) -> None:
        self._started_ns: int | None = None
        self._periods_ns: deque[int] = deque(maxlen=_REMEMBERED)
        self._durations_ns: deque[int] = deque(maxlen=_REMEMBERED)

    def note(self, started_ns: int, ended_ns: int) -> None:
        """A poll was made."""
        if self._started_ns is not None:
            self._periods_ns.append(started_ns - self._started_ns)
        self._started_ns = started_ns
        self._durations_ns.append(ended_ns - started_ns)

    def restart(self) -> None:
        """The interval is another from now on: what was measured before says nothing about it."""
        self._started_ns = None
        self._periods_ns.clear()

    @property
    def period_s(self) -> float | None:
        """Between two polls, as a rule (the median); None before the second."""
        return _quantile_s(self._periods_ns, 0.5)

    @property
    def period_p95_s(self) -> float | None:
        """Nineteen of twenty polls followed the one before within this."""
        return _quantile_s(self._periods_ns, 0.95)

    @property
    def duration_s(self) -> float | None:
        """How long a poll takes, as a rule (the median); None before the first."""
        return _quantile_s(self._durations_ns, 0.5)


class ToldRhythm(Rhythm):
    """That of a device that another process polls, as it says."""

    __slots__ = ("_told_s",)

    def __init__(self, period_s: float | None, period_p95_s: float | None, duration_s: float | None) -> None:
        super().__init__()
        self._told_s = period_s, period_p95_s, duration_s

    @property
    def period_s(self) -> float | None:
        return self._told_s[0]

    @property
    def period_p95_s(self) -> float | None:
        return self._told_s[1]

    @property
    def duration_s(self) -> float | None:
        return self._told_s[2]


def _quantile_s(spans_ns: Collection[int], share: float) -> float | None:
    if not spans_ns:
        return None
    ordered = sorted(spans_ns)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] / 1e9
