"""One device: wait for its slot, read, hand the samples on."""

import asyncio
from collections.abc import Callable

import structlog

from stripchart.drivers.base import Driver, Poll
from stripchart.model.device import Device, DeviceStatus
from stripchart.model.sample import SampleBatch
from stripchart.model.time import Clock
from stripchart.polling.backoff import slots_to_skip
from stripchart.polling.health import FAILURES_UNTIL_OFFLINE, DeviceHealth
from stripchart.polling.schedule import staggered

log = structlog.get_logger()

Sink = Callable[[SampleBatch], None]

_LONGEST_SILENCE_S = 60.0


class Poller:
    """Polls one device on its grid, for ever. A device that is offline is asked less and less often, up to a minute.

    Slots are on the monotonic clock; a slot that comes while the device is still busy is skipped and counted.
    """

    def __init__(self, device: Device, driver: Driver, sink: Sink, health: DeviceHealth, clock: Clock) -> None:
        self._device = device
        self._driver = driver
        self._sink = sink
        self._health = health
        self._clock = clock
        self._grid = staggered(device.interval_s, device.id)

    async def run(self) -> None:
        """Poll until cancelled. The first poll is made at once, so that a new device is seen at once."""
        slot_ns = self._clock.monotonic_ns()
        cycle = 0
        while True:
            await self._poll_once(cycle)
            cycle += 1
            slot_ns = self._next_slot(slot_ns)
            await asyncio.sleep((slot_ns - self._clock.monotonic_ns()) / 1e9)

    async def _poll_once(self, cycle: int) -> None:
        poll = await self._driver.poll(cycle)
        now_ms = self._clock.now_ms()
        since_ms = self._health.since_ms
        was = self._health.note(poll, now_ms)
        if was is not None:
            self._log_change(was, poll, (now_ms - since_ms) / 1000)
        if len(poll.samples) or poll.samples.texts:
            self._sink(poll.samples)

    def _next_slot(self, slot_ns: int) -> int:
        """The slot to poll in next, after the one whose poll has just ended."""
        now_ns = self._clock.monotonic_ns()
        self._health.last_duration_s = (now_ns - slot_ns) / 1e9
        # A timer may fire a little early; the slot just used must not come again.
        next_ns = self._grid.next_slot(max(now_ns, slot_ns))
        self._health.missed_slots += self._grid.missed(slot_ns, next_ns)
        silent_polls = self._health.failures - FAILURES_UNTIL_OFFLINE
        skip = slots_to_skip(silent_polls, self._device.interval_s, longest_s=_LONGEST_SILENCE_S)
        return next_ns + skip * self._grid.every_ns

    def _log_change(self, was: DeviceStatus, poll: Poll, lasted_s: float) -> None:
        now = self._health.status
        level = log.info if now is DeviceStatus.ONLINE else log.warning
        level(
            "device.changed",
            device=self._device.name,
            was=str(was),
            now=str(now),
            lasted_s=round(lasted_s, 1),
            reason=str(poll.error) if poll.error else None,
        )
