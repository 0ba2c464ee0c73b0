"""A device that is out of reach is asked again when its driver says so."""

import asyncio

import numpy as np

from stripchart.drivers.base import LinkDownError, Poll
from stripchart.model.device import Device, DeviceId, SiteId, parse_link
from stripchart.model.sample import SampleBatch
from stripchart.model.time import SystemClock
from stripchart.polling.health import DeviceHealth
from stripchart.polling.poller import Poller
from stripchart.polling.wake_ups import WakeUps

RETRY_IN_S = 0.3


class UnreachableDriver:
    """Is out of reach at first, for RETRY_IN_S, and then answers."""

    def __init__(self) -> None:
        self.polled_at_s: list[float] = []
        self.answered = asyncio.Event()

    async def poll(self, cycle: int) -> Poll:
        self.polled_at_s.append(asyncio.get_running_loop().time())
        batch = SampleBatch.all_bad(np.array([1], np.int32), 1)
        if cycle == 0:
            return Poll(batch, 0, LinkDownError("connection refused", RETRY_IN_S))
        self.answered.set()
        return Poll(batch, 1)

    async def aclose(self) -> None:
        return None


async def test_slots_before_the_next_attempt_are_left_out_and_are_not_missed() -> None:
    driver, clock = UnreachableDriver(), SystemClock()
    health = DeviceHealth(clock.now_ms())
    link = parse_link("tcp://127.0.0.1:502")
    device = Device(id=DeviceId(1), site_id=SiteId(1), name="d", link=link, unit_id=1, profile="p", interval_s=0.02)
    polling = asyncio.create_task(Poller(device, driver, lambda _: None, health, WakeUps(clock)).run())
    async with asyncio.timeout(10):
        await driver.answered.wait()
    polling.cancel()
    await asyncio.wait({polling})
    first_s, second_s = driver.polled_at_s[:2]
    assert second_s - first_s >= RETRY_IN_S
    left_out = (second_s - first_s) / device.interval_s
    assert health.missed_slots < left_out / 2  # none, but a machine that is busy may miss some
