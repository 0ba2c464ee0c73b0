"""One device: wait for its slot, read, hand the samples on."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from stripchart.drivers.base import Driver, Poll
from stripchart.model.device import Device, DeviceStatus
from stripchart.model.sample import SampleBatch
from stripchart.polling.health import Change, DeviceHealth
from stripchart.polling.schedule import Grid, aligned, staggered
from stripchart.polling.wake_ups import WakeUps, wake

log = structlog.get_logger()

Sink = Callable[[SampleBatch], Awaitable[None] | None]
"""Takes samples over at once. What it returns is to be waited for before the next: more come than can be stored."""

Watch = Callable[[Device, DeviceHealth, Poll], None]
"""Told of every poll in vain, and of those that change the status. Must be quick, and must not raise."""

_CLOCK_GRAIN_NS = 2_000_000
"""An aligned slot may seem to lie this much after the one just used, because UTC comes in milliseconds."""


class Poller:
    """Polls one device on its grid, for ever.

    How soon a device that is out of reach is asked again is for the driver to say, which knows whom that would keep
    waiting: slots before that are left out, and are not missed.
    Slots are on the monotonic clock; a slot that comes while the device is still busy is skipped and counted.
    """

    def __init__(
        self,
        device: Device,
        driver: Driver,
        sink: Sink,
        health: DeviceHealth,
        wake_ups: WakeUps,
        *,
        watch: Watch = lambda *_: None,
    ) -> None:
        self._device = device
        self._watch = watch
        self._driver = driver
        self._sink = sink
        self._health = health
        self._wake_ups, self._clock = wake_ups, wake_ups.clock
        self._grid = staggered(device.interval_s, device.id)
        self._not_before_ns = 0
        self._waking: asyncio.Future[None] | None = None

    def change(self, device: Device) -> None:
        """The device as it is configured now: of the same link, unit and profile. A new interval holds at once."""
        was, self._device = self._device, device
        if (was.interval_s, was.aligned) == (device.interval_s, device.aligned):
            return
        self._grid = staggered(device.interval_s, device.id)
        self._health.rhythm.restart()
        wake(self._waking)

    async def run(self) -> None:
        """Poll until cancelled. The first poll is made at once, so that a new device is seen at once."""
        slot_ns = self._clock.monotonic_ns()
        cycle = 0
        while True:
            await self._poll_once(cycle)
            cycle += 1
            slot_ns = await self._next_slot(slot_ns)

    async def _poll_once(self, cycle: int) -> None:
        started_ns = self._clock.monotonic_ns()
        poll = await self._driver.poll(cycle)
        change = self._health.note(poll, self._clock.now_ms())
        ended_ns = self._clock.monotonic_ns()
        self._health.timed(poll, started_ns, ended_ns)
        self._not_before_ns = ended_ns + round(poll.error.retry_in_s * 1e9) if poll.error else 0
        if change is not None:
            self._log(change, poll)
        if change is not None or self._health.failures:
            self._watch(self._device, self._health, poll)
        if len(poll.samples) or poll.samples.texts:
            room = self._sink(poll.samples)
            if room is not None:
                await room

    async def _next_slot(self, slot_ns: int) -> int:
        """Wait for the slot to poll in next, after the one whose poll has just ended."""
        grid, next_ns = self._grid, self._choose_slot(slot_ns)
        while True:
            self._waking = self._wake_ups.at(next_ns)
            await self._waking
            if grid is self._grid:
                return next_ns
            grid, next_ns = self._grid, self._grid_now().next_slot(self._clock.monotonic_ns())

    def _choose_slot(self, slot_ns: int) -> int:
        """A timer may fire a little early; the slot just used must not come again."""
        grid = self._grid_now()
        used_ns = slot_ns + (_CLOCK_GRAIN_NS if self._device.aligned else 0)
        next_ns = grid.next_slot(max(self._clock.monotonic_ns(), used_ns))
        self._health.missed_slots += grid.missed(used_ns, next_ns)
        return next_ns if next_ns >= self._not_before_ns else grid.next_slot(self._not_before_ns)

    def _grid_now(self) -> Grid:
        """The clock of the machine is put right now and then, so an aligned grid is found anew for each slot."""
        if not self._device.aligned:
            return self._grid
        return aligned(self._device.interval_s, self._clock.now_ms(), self._clock.monotonic_ns())

    def _log(self, change: Change, poll: Poll) -> None:
        now = self._health.status
        level = log.info if now is DeviceStatus.ONLINE else log.warning
        facts = {
            "lasted_s": round(change.lasted_s, 1),
            "away_s": None if change.away_s is None else round(change.away_s, 1),
            "reason": str(poll.error) if poll.error else None,
        }
        said = {name: fact for name, fact in facts.items() if fact is not None}
        level("device.changed", device=self._device.name, was=str(change.was), now=str(now), **said)
