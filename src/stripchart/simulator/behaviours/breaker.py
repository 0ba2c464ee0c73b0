"""A breaker and its sequence, as Smartgen controllers report it."""

from enum import IntEnum


class BreakerState(IntEnum):
    """Codes of the breaker states (HGM9520N registers 264 and 268, HGM9560 registers 193 and 197)."""

    SYNCHRONISING = 0
    CLOSE_DELAY = 1
    WAIT_CLOSING = 2
    CLOSED = 3
    UNLOADING = 4
    OPEN_DELAY = 5
    WAIT_OPENING = 6
    OPENED = 7


_LASTS_S = {
    BreakerState.SYNCHRONISING: 3.0,
    BreakerState.CLOSE_DELAY: 1.0,
    BreakerState.WAIT_CLOSING: 0.5,
    BreakerState.UNLOADING: 1.0,
    BreakerState.OPEN_DELAY: 1.0,
    BreakerState.WAIT_OPENING: 0.5,
}
_CLOSING = (BreakerState.SYNCHRONISING, BreakerState.CLOSE_DELAY, BreakerState.WAIT_CLOSING)


class Breaker:
    """Closes and opens step by step; at most one step each time it is advanced."""

    def __init__(self, *, closed: bool = False) -> None:
        self.state = BreakerState.CLOSED if closed else BreakerState.OPENED
        self._in_state_s = 0.0

    @property
    def is_closed(self) -> bool:
        """Current can flow: also while the load is taken off and until the contacts part."""
        return self.state in {
            BreakerState.CLOSED,
            BreakerState.UNLOADING,
            BreakerState.OPEN_DELAY,
            BreakerState.WAIT_OPENING,
        }

    def advance(self, seconds: float, *, wanted: bool, ready: bool = True, unloaded: bool = True) -> None:
        """`ready`: both sides are in step, or one is dead. `unloaded`: nothing flows that would draw an arc."""
        self._in_state_s += seconds
        following = self._next(wanted=wanted, ready=ready, unloaded=unloaded)
        if following is not self.state:
            self.state, self._in_state_s = following, 0.0

    def _next(self, *, wanted: bool, ready: bool, unloaded: bool) -> BreakerState:
        state = self.state
        if state is BreakerState.OPENED:
            return BreakerState.SYNCHRONISING if wanted else state
        if state is BreakerState.CLOSED:
            return state if wanted else BreakerState.UNLOADING
        if state in _CLOSING and not wanted:
            return BreakerState.OPENED
        if state is BreakerState.UNLOADING and wanted:
            return BreakerState.CLOSED
        if self._in_state_s < _LASTS_S[state]:
            return state
        waits = (state is BreakerState.SYNCHRONISING and not ready) or (
            state is BreakerState.UNLOADING and not unloaded
        )
        return state if waits else BreakerState(state + 1)
