"""Waking: who waits for the same slot is woken by one timer."""

import asyncio

from stripchart.model.time import Clock


class WakeUps:
    """Of many pollers. A timer for each of them cost more than its place in a list does.

    Who does not wait any more stays in the list until the slot comes.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._waiting: dict[int, list[asyncio.Future[None]]] = {}

    def at(self, slot_ns: int) -> asyncio.Future[None]:
        """Done when the slot, a time of the monotonic clock, has come; whoever wants to may wake it before."""
        loop = asyncio.get_running_loop()
        waking = loop.create_future()
        waiting = self._waiting.get(slot_ns)
        if waiting is None:
            waiting = self._waiting[slot_ns] = []
            loop.call_later(max(slot_ns - self.clock.monotonic_ns(), 0) / 1e9, self._wake, slot_ns)
        waiting.append(waking)
        return waking

    def _wake(self, slot_ns: int) -> None:
        for waking in self._waiting.pop(slot_ns):
            wake(waking)


def wake(waking: asyncio.Future[None] | None) -> None:
    """Wake who waits for this, if anybody does."""
    if waking is not None and not waking.done():
        waking.set_result(None)
