"""The pace of a unit, found by watching: how long requests take, and how much rest is needed between them. Pure."""

from collections.abc import Mapping

from stripchart.model.limits import RoundTrip

_LENGTHS_KEPT = 32
_FORGETTING = 1.01
"""A shortest time that is never reached again gives way by so much with each request."""
_SPREAD_REGISTERS = 8
_MOST_GAP = 124

_QUICK_S = 1.0
_SIGNS = 3
_FIRST_PAUSE_S = 0.05
_LONGEST_PAUSE_S = 1.0


class RoundTrips:
    """The shortest times of requests, by registers in the reply: what waits in a queue only makes them longer."""

    def __init__(self) -> None:
        self.count = 0
        self._shortest: dict[int, float] = {}

    def note(self, registers: int, seconds: float) -> None:
        """A request was answered."""
        self.count += 1
        known = self._shortest.get(registers)
        if known is not None:
            self._shortest[registers] = min(seconds, known * _FORGETTING)
        elif len(self._shortest) < _LENGTHS_KEPT:
            self._shortest[registers] = seconds

    def fitted(self) -> RoundTrip | None:
        """The line through the shortest times; None when the lengths are too much alike to tell one."""
        return fitted(self._shortest)

    def typical(self) -> RoundTrip | None:
        """The same where it can be told, else what a request takes whatever its length; None before the first."""
        if not self._shortest:
            return None
        return self.fitted() or RoundTrip(sum(self._shortest.values()) / len(self._shortest), 0.0)


def fitted(shortest: Mapping[int, float]) -> RoundTrip | None:
    """Least squares, neither part below zero."""
    if not shortest or max(shortest) - min(shortest) < _SPREAD_REGISTERS:
        return None
    mean_x, mean_y = sum(shortest) / len(shortest), sum(shortest.values()) / len(shortest)
    spread = sum((x - mean_x) ** 2 for x in shortest)
    slope = max(0.0, sum((x - mean_x) * (y - mean_y) for x, y in shortest.items()) / spread)
    return RoundTrip(max(0.0, mean_y - slope * mean_x), slope)


def best_gap(trip: RoundTrip) -> int:
    """Registers that take no longer to read than another request does."""
    if trip.register_s * _MOST_GAP <= trip.request_s:
        return _MOST_GAP
    return int(trip.request_s / trip.register_s)


class PauseSearch:
    """Finds the rest a unit needs between requests, to within a factor of two.

    The sign of too little rest is a request that came soon after another, was not answered, and was answered when it
    was made again later. Where requests that come as soon are mostly answered, it was another loss.
    """

    def __init__(self, pause_s: float = 0.0) -> None:
        self.pause_s = pause_s
        self._failed_after_s: float | None = None
        self._signs = 0
        self._answered_soon = 0

    def answered(self, rest_s: float) -> bool:
        """An answer to a request made `rest_s` after the last. True when the pause was raised."""
        failed_after_s, self._failed_after_s = self._failed_after_s, None
        if failed_after_s is not None and rest_s > failed_after_s:
            self._signs += 1
            return self._signs >= _SIGNS and self._raise()
        self._answered_soon += rest_s < max(_QUICK_S, 2 * self.pause_s)
        return False

    def failed(self, rest_s: float) -> None:
        """No answer to a request made `rest_s` after the last."""
        is_first = self._failed_after_s is None and rest_s < _QUICK_S
        self._failed_after_s = rest_s if is_first else None

    def _raise(self) -> bool:
        signs, self._signs = self._signs, 0
        lost_by_chance = self._answered_soon > signs
        self._answered_soon = 0
        if lost_by_chance or self.pause_s >= _LONGEST_PAUSE_S:
            return False
        self.pause_s = min(max(2 * self.pause_s, _FIRST_PAUSE_S), _LONGEST_PAUSE_S)
        return True
