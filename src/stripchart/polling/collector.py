"""Collector: reads what trend logs record and polls have not brought of late, in the background."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from stripchart.drivers.base import DriverError
from stripchart.model.device import Device
from stripchart.model.recent import Recent
from stripchart.model.time import Clock
from stripchart.polling.live_reads import LiveReads

log = structlog.get_logger()

_HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class CollectionOptions:
    """`enabled`: whether trend logs read what is too old. `interval_s`: of trend logs that do not say it.

    `at_once`: devices that are read at a time. `retry_s`: a device that could not be read is tried again after that.
    """

    enabled: bool = True
    interval_s: int = 900
    at_once: int = 10
    retry_s: float = 300.0

    def __post_init__(self) -> None:
        """Raises ValueError naming the option and what is allowed."""
        for name, least, most in (("interval_s", 1, 86_400), ("at_once", 1, 100), ("retry_s", 1, 86_400)):
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} {getattr(self, name)}: allowed are {least} to {most}")


class Collector:
    """`recent`: the collections of the last hour."""

    def __init__(self, reads: LiveReads, clock: Clock, options: CollectionOptions | None = None) -> None:
        self.options = options or CollectionOptions()
        self.recent = Recent(_HOUR_S)
        self._reads, self._clock = reads, clock
        self._places = asyncio.Semaphore(self.options.at_once)

    async def collect(self, device: Device, keys: Sequence[str]) -> bool:
        """Read the points now, when it is this device's turn; whether that went well."""
        async with self._places:
            began_s = self._now_s()
            problem = None
            try:
                await self._reads.read(device, keys)
            except DriverError as error:
                problem = str(error)
            now_s = self._now_s()
            self.recent.note(now_s, now_s - began_s, failed=problem is not None)
        if problem is not None:
            log.warning("trend_log.not_collected", device=device.name, reason=problem, retry_s=self.options.retry_s)
        return problem is None

    def _now_s(self) -> float:
        return self._clock.monotonic_ns() / 1e9
