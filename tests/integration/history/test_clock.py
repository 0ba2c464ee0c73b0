"""The machine's clock is set back an hour, and forward again, while a device is polled and recorded."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from stripchart.drivers.base import Poll
from stripchart.history.embedded.head import MOST_BYTES_PER_SAMPLE
from stripchart.history.embedded.historian import open_historian
from stripchart.history.embedded.store import EmbeddedOptions
from stripchart.model.device import Device, DeviceId, SiteId, parse_link
from stripchart.model.sample import PointId, SampleBatch
from stripchart.model.time import SystemClock
from stripchart.pipeline.pipeline import Pipeline, PipelineOptions
from stripchart.polling.health import DeviceHealth
from stripchart.polling.poller import Poller
from stripchart.polling.wake_ups import WakeUps

POINT = PointId(7)
HOUR_MS = 3_600_000
EVER = (0, 10**15)
SEALING_ALL_THE_TIME = EmbeddedOptions(head_bytes=MOST_BYTES_PER_SAMPLE * 8)


class TurnedClock(SystemClock):
    """The machine's clock, set by `set_by_ms`; the monotonic one goes on as it does in truth."""

    set_by_ms = 0

    def now_ms(self) -> int:
        return super().now_ms() + self.set_by_ms


class CountingDriver:
    """Answers with the number of the cycle, at the time the clock shows; tells when it has answered so often."""

    def __init__(self, clock: TurnedClock) -> None:
        self._clock = clock
        self.given: dict[int, float] = {}
        self._answered = asyncio.Condition()

    async def poll(self, cycle: int) -> Poll:
        at_ms = self._clock.now_ms()
        self.given[at_ms] = float(cycle)
        async with self._answered:
            self._answered.notify_all()
        columns = np.array([POINT], np.int32), np.array([at_ms]), np.array([float(cycle)]), np.zeros(1, np.uint8)
        return Poll(SampleBatch(*columns), 1)

    async def answers(self, more: int) -> None:
        wanted = len(self.given) + more
        async with self._answered:
            await self._answered.wait_for(lambda: len(self.given) >= wanted)

    async def aclose(self) -> None:
        return None


def shown(pipeline: Pipeline, clock: TurnedClock) -> float:
    return float(pipeline.latest.values(np.array([POINT], np.int32), clock.now_ms()).value[0])


@pytest.mark.parametrize("aligned", [False, True])
async def test_samples_keep_their_times_when_the_clock_is_turned(tmp_path: Path, *, aligned: bool) -> None:
    clock = TurnedClock()
    driver = CountingDriver(clock)
    link = parse_link("tcp://127.0.0.1:502")
    device = Device(
        id=DeviceId(1),
        site_id=SiteId(1),
        name="d",
        link=link,
        unit_id=1,
        profile="p",
        interval_s=0.02,
        aligned=aligned,
    )
    async with asyncio.timeout(30), open_historian(tmp_path, SEALING_ALL_THE_TIME) as historian:
        pipeline = Pipeline(historian, PipelineOptions())
        async with pipeline.running():
            poller = Poller(device, driver, pipeline.accept, DeviceHealth(clock.now_ms()), WakeUps(clock))
            polling = asyncio.create_task(poller.run())
            for set_by_ms in (0, -HOUR_MS, HOUR_MS):
                clock.set_by_ms = set_by_ms
                await driver.answers(20)
            polling.cancel()
            await asyncio.wait({polling})
            while shown(pipeline, clock) != max(driver.given.values()):  # noqa: ASYNC110 - columns, no event
                await asyncio.sleep(0.005)
        health = pipeline.health()
        found = await historian.read([POINT], *EVER, limit=10**6)
    assert dict(zip(found.at_ms.tolist(), found.value.tolist(), strict=True)) == driver.given
    assert (health.waiting, health.dropped, health.problem) == (0, 0, None)
