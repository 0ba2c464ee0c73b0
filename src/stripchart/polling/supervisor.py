"""Owns every poller, and keeps them in step with the configured devices."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

import structlog

from stripchart.drivers.base import Driver, SetupError
from stripchart.model.device import Device, DeviceId
from stripchart.model.profile import Profile
from stripchart.model.time import Clock
from stripchart.polling.backoff import delays_s
from stripchart.polling.health import DeviceHealth
from stripchart.polling.poller import Poller, Sink

log = structlog.get_logger()

OpenDriver = Callable[[Device], Awaitable[Driver]]
"""Makes a device ready to be read. Raises SetupError."""


@dataclass(frozen=True, slots=True)
class Job:
    """A device to poll, and the profile it has now (None: it cannot be found, and opening will say so)."""

    device: Device
    profile: Profile | None

    def is_same(self, other: "Job") -> bool:
        """Whether nothing changed: a profile that was loaded again is another object."""
        return self.device == other.device and self.profile is other.profile


_HEALTHY_AFTER_S = 60.0


@dataclass(slots=True)
class _Polled:
    job: Job
    health: DeviceHealth
    task: asyncio.Task[None]


class Supervisor:
    """One task per enabled device. A poller that hits a bug is started again; the others never notice.

    Use as a context manager; leaving it stops every poller and gives their links back.
    """

    def __init__(self, open_driver: OpenDriver, sink: Sink, clock: Clock) -> None:
        self._open_driver = open_driver
        self._sink = sink
        self._clock = clock
        self._polled: dict[DeviceId, _Polled] = {}
        self._one_change_at_a_time = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.apply([])

    def health(self, device: DeviceId) -> DeviceHealth | None:
        """What is known of the device; None when it is not polled."""
        polled = self._polled.get(device)
        return polled.health if polled else None

    async def apply(self, jobs: Iterable[Job]) -> None:
        """Poll exactly these devices from now on, except disabled ones. Devices without a change are not touched."""
        async with self._one_change_at_a_time:
            wanted = {job.device.id: job for job in jobs if job.device.enabled}
            await self._stop([polled for polled in self._polled.values() if not _goes_on(polled, wanted)])
            for job in wanted.values():
                if job.device.id not in self._polled:
                    self._start(job)

    def _start(self, job: Job) -> None:
        device = job.device
        health = DeviceHealth(self._clock.now_ms())
        task = asyncio.create_task(self._keep_polling(device, health), name=f"poll {device.name}")
        self._polled[device.id] = _Polled(job, health, task)

    async def _stop(self, gone: list[_Polled]) -> None:
        for polled in gone:
            polled.task.cancel()
        await asyncio.gather(*(polled.task for polled in gone), return_exceptions=True)
        for polled in gone:
            del self._polled[polled.job.device.id]

    async def _keep_polling(self, device: Device, health: DeviceHealth) -> None:
        delays = delays_s(first_s=1, longest_s=60)
        while True:
            started_ns = self._clock.monotonic_ns()
            try:
                await self._poll_until_broken(device, health)
            except SetupError as error:
                if health.error != str(error):
                    log.warning("device.cannot_be_read", device=device.name, reason=str(error))
                health.break_down(str(error), self._clock.now_ms())
            except Exception as bug:
                health.break_down(f"internal error: {bug}", self._clock.now_ms())
                log.exception("poller.failed", device=device.name)
            if self._clock.monotonic_ns() - started_ns > _HEALTHY_AFTER_S * 1e9:
                delays = delays_s(first_s=1, longest_s=60)
            await asyncio.sleep(next(delays))

    async def _poll_until_broken(self, device: Device, health: DeviceHealth) -> None:
        driver = await self._open_driver(device)
        try:
            await Poller(device, driver, self._sink, health, self._clock).run()
        finally:
            await driver.aclose()


def _goes_on(polled: _Polled, wanted: Mapping[DeviceId, Job]) -> bool:
    job = wanted.get(polled.job.device.id)
    # A change that was itself cancelled may have left a poller that was told to end.
    return job is not None and polled.job.is_same(job) and not (polled.task.cancelling() or polled.task.done())
