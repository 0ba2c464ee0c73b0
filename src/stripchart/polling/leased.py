"""A driver that reads only while this process may: what it read beyond that is nobody's."""

from collections.abc import Callable

from stripchart.drivers.base import Driver, Poll
from stripchart.model.sample import SampleBatch

_NOTHING = Poll(SampleBatch.empty(), 0)


class LeasedDriver:
    """`may_read` is asked before each poll, and after it: a process that was held still stamps old answers as new."""

    def __init__(self, driver: Driver, may_read: Callable[[], bool]) -> None:
        self._driver, self._may_read = driver, may_read

    async def poll(self, cycle: int) -> Poll:
        if not self._may_read():
            return _NOTHING
        poll = await self._driver.poll(cycle)
        return poll if self._may_read() else _NOTHING

    async def aclose(self) -> None:
        await self._driver.aclose()
