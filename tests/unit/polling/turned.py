"""An event loop with a clock of its own: where others wait, it turns the clock on. A day passes in seconds."""

import asyncio
import random
import selectors
from collections.abc import Iterator
from contextlib import contextmanager


class _NoWaiting(selectors.DefaultSelector):
    """Selects at once, and says for how long it would have waited."""

    waited_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.waited_s = timeout or 0.0
        return super().select(0)


class TurnedLoop(asyncio.SelectorEventLoop):
    """Its timers fire up to `late_s` late, as those of a busy machine do."""

    def __init__(self, late_s: float = 0.0) -> None:
        self._selector_ = _NoWaiting()
        self._now_ns, self._late_s, self._random = 5_000_000_123, late_s, random.Random(7)  # noqa: S311 - repeatable
        super().__init__(self._selector_)

    def time(self) -> float:
        self._now_ns += round((self._selector_.waited_s) * 1e9)
        if self._selector_.waited_s and self._late_s:
            self._now_ns += round(self._random.random() * self._late_s * 1e9)
        self._selector_.waited_s = 0.0
        return self._now_ns / 1e9


class TurnedClock:
    """The clock of a turned loop; its wall clock is put right by `drift_ms` now and then."""

    def __init__(self, loop: TurnedLoop, began_ms: int = 1_780_000_000_333) -> None:
        self._loop, self._began_ms = loop, began_ms
        self.drift_ms = 0

    def monotonic_ns(self) -> int:
        self._loop.time()
        return self._loop._now_ns

    def now_ms(self) -> int:
        return self._began_ms + self.monotonic_ns() // 1_000_000 + self.drift_ms


@contextmanager
def turned_loop(late_s: float = 0.0) -> Iterator[tuple[TurnedLoop, TurnedClock]]:
    loop = TurnedLoop(late_s)
    try:
        yield loop, TurnedClock(loop)
    finally:
        loop.close()
