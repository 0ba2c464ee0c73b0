"""Owns every poller, and keeps them in step with the configured devices."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

import structlog

from stripchart.drivers.base import Driver, SetupError
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import Device, DeviceId, Trouble
from stripchart.model.profile import Profile
from stripchart.model.recent import Recent
from stripchart.model.time import Clock
from stripchart.polling.backoff import delays_s
from stripchart.polling.health import DeviceHealth
from stripchart.polling.poller import Poller, Sink, Watch
from stripchart.polling.wake_ups import WakeUps

log = structlog.get_logger()

OpenDriver = Callable[[Device], Awaitable[Driver]]
"""Makes a device ready to be read. Raises SetupError."""


@dataclass(frozen=True, slots=True)
class Job:
    """A device to poll, and the profile it has now (None: it cannot be found, and opening will say so)."""

    device: Device
    profile: Profile | None

    def is_read_like(self, other: "Job") -> bool:
        """Whether both are read the same way: a profile that was loaded again is another object."""
        same_profile = self.device.profile == other.device.profile and self.profile is other.profile
        return same_profile and self.is_same_unit(other)

    def is_same_unit(self, other: "Job") -> bool:
        """Whether both are about the same unit of the same link."""
        return (self.device.link, self.device.unit_id) == (other.device.link, other.device.unit_id)


_HEALTHY_AFTER_S = 60.0
_HOUR_S = 3600.0


class _Polled:
    """A device that is polled: its task, and its poller once the device is set up."""

    __slots__ = ("health", "job", "poller", "task")

    def __init__(self, job: Job, health: DeviceHealth) -> None:
        self.job, self.health = job, health
        self.poller: Poller | None = None
        self.task: asyncio.Task[None]

    def change(self, job: Job) -> None:
        """The device as it is configured now, when that does not change how it is read."""
        self.job = job
        if self.poller is not None:
            self.poller.change(job.device)


class Supervisor:
    """One task per enabled device. A poller that hits a bug is started again; the others never notice.

    Use as a context manager; leaving it stops every poller and gives their links back.
    """

    def __init__(self, open_driver: OpenDriver, sink: Sink, clock: Clock, watch: Watch = lambda *_: None) -> None:
        self._open_driver = open_driver
        self._sink = sink
        self._watch = watch
        self._clock, self._wake_ups = clock, WakeUps(clock)
        self._polled: dict[DeviceId, _Polled] = {}
        self._one_change_at_a_time = asyncio.Lock()
        self.recent = Recent(_HOUR_S)
        """The polls of the last hour, of all devices."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.apply([])

    def health(self, device: DeviceId) -> DeviceHealth | None:
        """What is known of the device; None when it is not polled."""
        polled = self._polled.get(device)
        return polled.health if polled else None

    async def apply(self, jobs: Iterable[Job]) -> None:
        """Poll exactly these devices from now on, except disabled ones. Devices without a change are not touched.

        A new name or interval is taken over between two polls. A new profile, link or unit makes a new driver; what
        is known of the device's health stays while it is the same unit.
        """
        async with self._one_change_at_a_time:
            wanted = {job.device.id: job for job in jobs if job.device.enabled}
            stopped = [polled for polled in self._polled.values() if not _goes_on(polled, wanted)]
            await self._stop(stopped)
            before = {polled.job.device.id: polled for polled in stopped}
            for job in wanted.values():
                polled = self._polled.get(job.device.id)
                if polled is None:
                    self._start(job, before.get(job.device.id))
                elif polled.job.device != job.device:
                    polled.change(job)

    def _start(self, job: Job, before: _Polled | None) -> None:
        keeps_health = before is not None and before.job.is_same_unit(job)
        health = before.health if before and keeps_health else DeviceHealth(self._clock.now_ms(), recent=self.recent)
        polled = self._polled[job.device.id] = _Polled(job, health)
        # A context of its own: it goes on long after the request that added the device, and is not about it.
        polled.task = asyncio.create_task(
            self._keep_polling(polled), name=f"poll {job.device.name}", context=contextvars.Context()
        )

    async def _stop(self, gone: list[_Polled]) -> None:
        for polled in gone:
            polled.task.cancel()
        await asyncio.gather(*(polled.task for polled in gone), return_exceptions=True)
        for polled in gone:
            del self._polled[polled.job.device.id]

    async def _keep_polling(self, polled: _Polled) -> None:
        health = polled.health
        delays = delays_s(first_s=1, longest_s=60)
        while True:
            started_ns = self._clock.monotonic_ns()
            try:
                await self._poll_until_broken(polled)
            except SetupError as error:
                if health.error != str(error):
                    log.warning("device.cannot_be_read", device=polled.job.device.name, reason=str(error))
                health.break_down(Trouble.SETUP, str(error), error.cause, self._clock.now_ms())
            except Exception as bug:
                cause = Cause(CauseCode.INTERNAL, {"said": str(bug)})
                health.break_down(Trouble.BUG, f"internal error: {bug}", cause, self._clock.now_ms())
                log.exception("poller.failed", device=polled.job.device.name)
            if self._clock.monotonic_ns() - started_ns > _HEALTHY_AFTER_S * 1e9:
                delays = delays_s(first_s=1, longest_s=60)
            await asyncio.sleep(next(delays))

    async def _poll_until_broken(self, polled: _Polled) -> None:
        device = polled.job.device
        driver = await self._open_driver(device)
        try:
            polled.poller = Poller(device, driver, self._sink, polled.health, self._wake_ups, watch=self._watch)
            polled.poller.change(polled.job.device)  # it may have changed while the driver was opened
            await polled.poller.run()
        finally:
            polled.poller = None
            await driver.aclose()


def _goes_on(polled: _Polled, wanted: Mapping[DeviceId, Job]) -> bool:
    job = wanted.get(polled.job.device.id)
    # A change that was itself cancelled may have left a poller that was told to end.
    return job is not None and polled.job.is_read_like(job) and not (polled.task.cancelling() or polled.task.done())
