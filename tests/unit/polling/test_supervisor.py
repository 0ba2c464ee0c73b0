"""Changes touch only the devices they are about; one device's bug stops nothing."""

import asyncio
from collections import Counter

import numpy as np
import pytest

from stripchart.drivers.base import Poll, SetupError
from stripchart.model.device import Device, DeviceId, DeviceStatus, SiteId, parse_link
from stripchart.model.sample import SampleBatch
from stripchart.model.time import SystemClock
from stripchart.polling.supervisor import Job, Supervisor


def a_job(number: int, **changes: object) -> Job:
    fields: dict[str, object] = {"name": f"d{number}", "profile": "test", "interval_s": 0.02, "unit_id": 1, **changes}
    link = parse_link("tcp://127.0.0.1:502")
    device = Device(id=DeviceId(number), site_id=SiteId(1), link=link, **fields)  # type: ignore[arg-type]
    return Job(device, None)


class Plant:
    """Drivers that answer at once, and note who was polled and closed."""

    def __init__(self) -> None:
        self.polls: Counter[int] = Counter()
        self.opened: Counter[int] = Counter()
        self.closed: Counter[int] = Counter()
        self.broken: set[int] = set()
        self.seen = asyncio.Event()
        self.supervisor = Supervisor(self.open, self.sink, SystemClock())

    async def open(self, device: Device) -> "PlantDriver":
        if device.profile == "unknown":
            raise SetupError("profile 'unknown' is not there")
        self.opened[device.id] += 1
        return PlantDriver(self, device.id)

    def sink(self, batch: SampleBatch) -> None:
        self.polls[int(batch.point_id[0])] += 1
        self.seen.set()

    async def until_polled(self, number: int, times: int) -> None:
        async with asyncio.timeout(5):
            while self.polls[number] < times:
                self.seen.clear()
                await self.seen.wait()


class TurnedClock(SystemClock):
    """A wall clock that stands where a test puts it."""

    at_ms = 1000

    def now_ms(self) -> int:
        return self.at_ms


class PlantDriver:
    def __init__(self, plant: Plant, number: int) -> None:
        self._plant, self._number = plant, number

    async def poll(self, cycle: int) -> Poll:
        if self._number in self._plant.broken:
            raise ZeroDivisionError("a bug")
        return Poll(SampleBatch.all_bad(np.array([self._number], np.int32), 1), 1)

    async def aclose(self) -> None:
        self._plant.closed[self._number] += 1


@pytest.fixture
def plant() -> Plant:
    return Plant()


async def test_an_added_device_is_polled_and_a_deleted_one_is_not(plant: Plant) -> None:
    async with plant.supervisor as supervisor:
        await supervisor.apply([a_job(1)])
        await plant.until_polled(1, 2)
        await supervisor.apply([a_job(2)])
        stopped_at = plant.polls[1]
        await plant.until_polled(2, 3)
        assert plant.polls[1] == stopped_at
        assert plant.closed == {1: 1}
        assert supervisor.health(DeviceId(1)) is None
    assert plant.closed == {1: 1, 2: 1}


async def test_a_change_of_one_device_does_not_touch_another(plant: Plant) -> None:
    async with plant.supervisor as supervisor:
        await supervisor.apply([a_job(1), a_job(2)])
        await plant.until_polled(2, 1)
        await supervisor.apply([a_job(1), a_job(2, unit_id=7)])
        await plant.until_polled(2, 3)
        assert plant.opened == {1: 1, 2: 2}


@pytest.mark.parametrize("change", [{"name": "new"}, {"description": "new"}, {"interval_s": 0.01}, {"aligned": True}])
async def test_what_does_not_change_how_a_device_is_read_makes_no_new_driver(
    plant: Plant, change: dict[str, object]
) -> None:
    async with plant.supervisor as supervisor:
        await supervisor.apply([a_job(1)])
        await plant.until_polled(1, 1)
        health = supervisor.health(DeviceId(1))
        await supervisor.apply([a_job(1, **change)])
        await plant.until_polled(1, plant.polls[1] + 2)
        assert plant.opened == {1: 1}
        assert supervisor.health(DeviceId(1)) is health


async def test_a_shorter_interval_does_not_wait_for_the_end_of_the_longer_one(plant: Plant) -> None:
    async with plant.supervisor as supervisor:
        await supervisor.apply([a_job(1, interval_s=3600)])
        await plant.until_polled(1, 1)
        await supervisor.apply([a_job(1, interval_s=0.02)])
        await plant.until_polled(1, 4)
        assert plant.opened == {1: 1}


async def test_a_new_profile_makes_a_new_driver_and_forgets_nothing_of_the_device(plant: Plant) -> None:
    async with plant.supervisor as supervisor:
        await supervisor.apply([a_job(1)])
        await plant.until_polled(1, 1)
        health = supervisor.health(DeviceId(1))
        await supervisor.apply([a_job(1, profile="other")])
        await plant.until_polled(1, plant.polls[1] + 1)
        assert plant.opened == {1: 2}
        assert supervisor.health(DeviceId(1)) is health
        await supervisor.apply([a_job(1, unit_id=2)])
        assert supervisor.health(DeviceId(1)) is not health


async def test_a_disabled_device_is_not_polled(plant: Plant) -> None:
    async with plant.supervisor as supervisor:
        await supervisor.apply([a_job(1), a_job(2, enabled=False)])
        await plant.until_polled(1, 2)
        assert plant.opened == {1: 1}


async def test_a_bug_in_one_poller_stops_no_other(plant: Plant) -> None:
    plant.broken.add(1)
    async with plant.supervisor as supervisor:
        await supervisor.apply([a_job(1), a_job(2)])
        await plant.until_polled(2, 3)
        health = supervisor.health(DeviceId(1))
        assert health is not None
        assert (health.status, health.error) == (DeviceStatus.ERROR, "internal error: a bug")
        plant.broken.clear()
        await plant.until_polled(1, 1)


async def test_a_device_that_cannot_be_set_up_says_why(plant: Plant) -> None:
    async with plant.supervisor as supervisor:
        await supervisor.apply([a_job(1, profile="unknown"), a_job(2)])
        await plant.until_polled(2, 1)
        health = supervisor.health(DeviceId(1))
        assert health is not None
        assert (health.status, health.error) == (DeviceStatus.ERROR, "profile 'unknown' is not there")


async def test_the_time_of_a_status_is_when_it_began_also_when_a_bug_made_it(plant: Plant) -> None:
    clock = TurnedClock()
    supervisor = Supervisor(plant.open, plant.sink, clock)
    async with supervisor:
        await supervisor.apply([a_job(1)])
        await plant.until_polled(1, 1)
        health = supervisor.health(DeviceId(1))
        assert health is not None
        assert (health.status, health.since_ms) == (DeviceStatus.ONLINE, 1000)
        clock.at_ms = 9000
        plant.broken.add(1)
        async with asyncio.timeout(5):
            while health.status is not DeviceStatus.ERROR:  # noqa: ASYNC110 - nobody announces it
                await asyncio.sleep(0.005)
        assert health.since_ms == 9000


async def test_a_change_that_was_cancelled_half_way_leaves_no_device_unpolled(plant: Plant) -> None:
    closing, may_close = asyncio.Event(), asyncio.Event()

    class SlowToClose(PlantDriver):
        async def aclose(self) -> None:
            closing.set()
            await may_close.wait()

    async def open_driver(device: Device) -> PlantDriver:
        return SlowToClose(plant, device.id)

    async with Supervisor(open_driver, plant.sink, SystemClock()) as supervisor:
        await supervisor.apply([a_job(1)])
        await plant.until_polled(1, 1)
        change = asyncio.create_task(supervisor.apply([]))
        await closing.wait()
        change.cancel()
        await asyncio.gather(change, return_exceptions=True)
        may_close.set()
        polled = plant.polls[1]
        await supervisor.apply([a_job(1)])
        await plant.until_polled(1, polled + 2)
