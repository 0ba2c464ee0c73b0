"""A day of cycles on a turned clock: no drift, no cycle left out, none made twice."""

import asyncio
import contextlib

import numpy as np
import pytest

from stripchart.drivers.base import Poll
from stripchart.model.device import Device, DeviceId, SiteId, parse_link
from stripchart.model.sample import SampleBatch
from stripchart.polling.health import DeviceHealth
from stripchart.polling.poller import Poller
from stripchart.polling.wake_ups import WakeUps
from tests.unit.polling.turned import TurnedClock, turned_loop

DAY_S = 86_400


class TimedDriver:
    """Notes when it is asked (monotonic and wall clock), and takes so long to answer, in turn."""

    def __init__(self, clock: TurnedClock, takes_s: tuple[float, ...] = (0.0,)) -> None:
        self._clock, self._takes_s = clock, takes_s
        self.asked_ns: list[int] = []
        self.asked_ms: list[int] = []

    async def poll(self, cycle: int) -> Poll:
        self.asked_ns.append(self._clock.monotonic_ns())
        self.asked_ms.append(self._clock.now_ms())
        takes_s = self._takes_s[cycle % len(self._takes_s)]
        if takes_s:
            await asyncio.sleep(takes_s)
        return Poll(SampleBatch.empty(), 1)

    async def aclose(self) -> None:
        """There is nothing to close."""


def a_device(interval_s: float, *, aligned: bool = False) -> Device:
    return Device(
        id=DeviceId(5),
        site_id=SiteId(1),
        name="d",
        link=parse_link("tcp://h"),
        unit_id=1,
        profile="p",
        interval_s=interval_s,
        aligned=aligned,
    )


async def polling(poller: Poller, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await poller.run()


def test_a_day_at_one_second_has_86400_cycles_on_the_grid_although_timers_are_late() -> None:
    with turned_loop(late_s=0.004) as (loop, clock):
        driver = TimedDriver(clock)
        health = DeviceHealth(0)
        loop.run_until_complete(polling(Poller(a_device(1), driver, lambda _: None, health, WakeUps(clock)), DAY_S))
    first, *asked = driver.asked_ns
    late_ms = (np.array(asked) - asked[0]) / 1e6 - np.arange(len(asked)) * 1000.0
    assert len(asked) in {DAY_S - 1, DAY_S}
    assert np.abs(late_ms).max() <= 4.1
    assert asked[0] - first <= 1_000_000_000
    assert health.missed_slots == 0
    assert health.rhythm.period_s == pytest.approx(1.0, abs=0.005)


def test_slow_polls_leave_slots_out_and_count_them_and_the_others_stay_where_they_are() -> None:
    with turned_loop() as (loop, clock):
        driver = TimedDriver(clock, takes_s=(0.3, 0.3, 2.4, 0.3))
        health = DeviceHealth(0)
        loop.run_until_complete(polling(Poller(a_device(1), driver, lambda _: None, health, WakeUps(clock)), 6000))
    _, *asked = driver.asked_ns
    slots = (np.array(asked) - asked[0]) / 1e9
    assert np.abs(slots - slots.round()).max() < 1e-3
    assert set(np.diff(slots.round())) == {1.0, 3.0}
    assert health.missed_slots == pytest.approx(2 * len(asked) / 4, abs=2)


@pytest.mark.parametrize("interval_s", [10, 7, 3600])
def test_aligned_polls_come_at_whole_multiples_of_the_interval_in_utc_all_day(interval_s: float) -> None:
    with turned_loop(late_s=0.002) as (loop, clock):
        driver = TimedDriver(clock, takes_s=(0.05,))
        health = DeviceHealth(0)
        poller = Poller(a_device(interval_s, aligned=True), driver, lambda _: None, health, WakeUps(clock))
        loop.run_until_complete(polling(poller, DAY_S))
    _, *asked = driver.asked_ms
    off_ms = np.array(asked) % round(interval_s * 1000)
    assert off_ms.max() <= 4
    assert len(asked) == pytest.approx(DAY_S / interval_s, abs=1)
    assert health.missed_slots == 0


def test_aligned_polls_follow_a_clock_that_is_put_right() -> None:
    with turned_loop() as (loop, clock):
        driver = TimedDriver(clock)
        poller = Poller(a_device(10, aligned=True), driver, lambda _: None, DeviceHealth(0), WakeUps(clock))

        async def scenario() -> None:
            polled = asyncio.create_task(polling(poller, 200))
            await asyncio.sleep(100)
            clock.drift_ms = 2_345
            await polled

        loop.run_until_complete(scenario())
    last = driver.asked_ms[-5:]
    assert [at % 10_000 <= 2 for at in last] == [True] * 5
