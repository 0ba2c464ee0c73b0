"""How much room the history has: how full it is, how fast it grows, how long that will do. Pure."""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from stripchart.history.horizons import DAY_MS

WARN_AT = 0.80
DROP_AT = 0.95
_RETURN_BELOW = 0.02
"""So much emptier it has to be before a state is left again, or it would come and go."""
_HOUR_MS = 3_600_000
_WINDOW_MS = 7 * DAY_MS


class RoomState(StrEnum):
    """Of the disk, or of the bound the user gave, whichever is fuller."""

    OK = "ok"
    WARNING = "warning"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Room:
    """`bytes`: what the history takes; `free_bytes`: what it may still take; `used`: share of disk or bound, 0 to 1.

    `growth_bytes_per_day`, `days_left`: None while not known; `days_left` also while the history does not grow.
    `dropped_samples`: dropped for want of room since the start. `dropped_before_ms`: nothing older is left; None:
    nothing was ever dropped for want of room. Times are UTC milliseconds.
    """

    state: RoomState
    bytes: int
    free_bytes: int | None
    used: float
    growth_bytes_per_day: float | None
    days_left: float | None
    dropped_samples: int
    dropped_before_ms: int | None


def next_state(state: RoomState, used: float) -> RoomState:
    """What a share of use makes of a state."""
    for worse, begins_at in ((RoomState.FULL, DROP_AT), (RoomState.WARNING, WARN_AT)):
        is_there = state is worse or (state is RoomState.FULL)
        if used >= begins_at - (_RETURN_BELOW if is_there else 0.0):
            return worse
    return RoomState.OK


class Growth:
    """How fast the number of samples grows: a look each hour, of the last week."""

    def __init__(self, looks: list[tuple[int, int]]) -> None:
        """`looks` are times (UTC milliseconds) and numbers of samples, oldest first."""
        self._looks: deque[tuple[int, int]] = deque(looks)

    @property
    def looks(self) -> list[tuple[int, int]]:
        return list(self._looks)

    def note(self, now_ms: int, samples: int) -> bool:
        """Whether the look was kept: one an hour is enough."""
        if self._looks and now_ms < self._looks[-1][0]:
            self._looks.clear()  # The clock was set back.
        if self._looks and now_ms - self._looks[-1][0] < _HOUR_MS:
            return False
        self._looks.append((now_ms, samples))
        while self._looks[-1][0] - self._looks[0][0] > _WINDOW_MS:
            self._looks.popleft()
        return True

    def per_day(self, now_ms: int, samples: int) -> float | None:
        """Samples a day, by least squares; None before there are looks an hour apart."""
        looks = [*self._looks, (now_ms, samples)]
        if now_ms - looks[0][0] < _HOUR_MS:
            return None
        at_days = np.array([at_ms - looks[0][0] for at_ms, _ in looks]) / DAY_MS
        counts = np.array([float(count) for _, count in looks])
        return float(np.polyfit(at_days, counts, 1)[0])
