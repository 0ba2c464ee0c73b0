"""A point is read once for all who wait, what is asked meanwhile is read together, and a silent device is let be."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from stripchart.drivers.base import DriverError, NoAnswerError, RefusedError
from stripchart.model.block import Block
from stripchart.model.device import Device, DeviceId, Framing, LinkAddress, SiteId
from stripchart.model.point import Table
from stripchart.model.sample import SampleBatch
from stripchart.polling.collector import CollectionOptions, Collector
from stripchart.polling.live_reads import LiveReadOptions, LiveReads


class TurnedClock:
    def __init__(self) -> None:
        self.ms = 1000

    def now_ms(self) -> int:
        return self.ms

    def monotonic_ns(self) -> int:
        return self.ms * 1_000_000


class Desk:
    """A device that answers when `gate` is open, refuses the keys in `refused`, and fails with `error`."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []
        self.shown = 0
        self.gate, self.was_asked = asyncio.Event(), asyncio.Event()
        self.refused: set[str] = set()
        self.error: Exception | None = None
        self.clock = TurnedClock()
        self.under_way = self.most_under_way = 0
        self.reads = LiveReads(self.read_now, self.show, self.clock, LiveReadOptions(timeout_s=5, bulk_size=3))

    async def read_now(self, device: Device, keys: Sequence[str]) -> SampleBatch:
        self.asked.append(list(keys))
        self.was_asked.set()
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await self.gate.wait()
        finally:
            self.under_way -= 1
        if self.error is not None:
            raise self.error
        if self.refused & set(keys):
            raise RefusedError(1, Block(Table.HOLDING, 0, 1), 2)
        return SampleBatch.empty()

    async def show(self, batch: SampleBatch) -> None:
        self.shown += 1

    async def until_asked(self, times: int) -> None:
        async with asyncio.timeout(5):
            while len(self.asked) < times:
                self.was_asked.clear()
                await self.was_asked.wait()


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    made = Desk()
    async with made.reads.running():
        yield made


def a_device(number: int = 1) -> Device:
    return Device(
        id=DeviceId(number),
        site_id=SiteId(1),
        name=f"boiler {number}",
        link=LinkAddress(Framing.TCP, "127.0.0.1", 502),
        unit_id=1,
        profile="boiler",
        interval_s=10,
    )


async def test_a_point_is_read_once_for_all_who_wait(desk: Desk) -> None:
    waiting = [asyncio.create_task(desk.reads.read(a_device(), ["flow"])) for _ in range(50)]
    await desk.until_asked(1)
    waiting += [asyncio.create_task(desk.reads.read(a_device(), ["flow"])) for _ in range(50)]
    await asyncio.sleep(0)
    desk.gate.set()
    await asyncio.gather(*waiting)
    assert (desk.asked, desk.shown, desk.reads.requests) == ([["flow"]], 1, 1)
    await desk.reads.read(a_device(), ["flow"])
    assert desk.asked == [["flow"], ["flow"]]


async def test_what_is_asked_while_a_device_is_read_is_read_together_in_bulk(desk: Desk) -> None:
    first = asyncio.create_task(desk.reads.read(a_device(), ["a"]))
    await desk.until_asked(1)
    others = [asyncio.create_task(desk.reads.read(a_device(), [key])) for key in "bcdebc"]
    await asyncio.sleep(0)
    desk.gate.set()
    await asyncio.gather(first, *others)
    assert desk.asked == [["a"], ["b", "c", "d"], ["e"]]


async def test_points_beside_come_with_the_read_as_far_as_there_is_room(desk: Desk) -> None:
    desk.gate.set()
    await desk.reads.read(a_device(), ["a"], beside="bcd")
    assert desk.asked == [["a", "b", "c"]]


async def test_points_beside_that_are_refused_do_not_spoil_what_was_asked_for(desk: Desk) -> None:
    desk.gate.set()
    desk.refused = {"b"}
    await desk.reads.read(a_device(), ["a"], beside="b")
    assert desk.asked == [["a", "b"], ["a"]]
    with pytest.raises(RefusedError):
        await desk.reads.read(a_device(), ["b"], beside="a")


async def test_one_who_goes_away_takes_nothing_from_the_others(desk: Desk) -> None:
    gone, stays = (asyncio.create_task(desk.reads.read(a_device(), ["flow"])) for _ in range(2))
    await desk.until_asked(1)
    gone.cancel()
    desk.gate.set()
    await stays
    assert desk.asked == [["flow"]]


async def test_a_point_that_is_refused_spoils_no_other(desk: Desk) -> None:
    desk.refused = {"b"}
    desk.gate.set()
    outcome = await asyncio.gather(*(desk.reads.read(a_device(), [key]) for key in "abc"), return_exceptions=True)
    assert [type(each) for each in outcome] == [type(None), RefusedError, type(None)]
    assert desk.asked == [["a", "b", "c"], ["a"], ["b"], ["c"]]


async def test_a_silent_device_is_asked_again_only_after_a_rest_and_all_are_told_so_at_once(desk: Desk) -> None:
    desk.gate.set()
    desk.error = NoAnswerError("no reply")
    for _ in range(5):
        with pytest.raises(NoAnswerError):
            await desk.reads.read(a_device(), ["flow"])
    assert len(desk.asked) == 1
    desk.clock.ms += 5_000
    desk.error = None
    await desk.reads.read(a_device(), ["flow"])
    await desk.reads.read(a_device(2), ["flow"])
    assert len(desk.asked) == 3


async def test_a_device_that_never_answers_is_given_up(desk: Desk) -> None:
    desk.reads = LiveReads(desk.read_now, desk.show, desk.clock, LiveReadOptions(timeout_s=0.1))
    with pytest.raises(NoAnswerError, match=r"no answer within 0\.1 s"):
        await desk.reads.read(a_device(), ["flow"])


async def test_a_bug_reaches_all_who_wait_as_an_error(desk: Desk) -> None:
    desk.gate.set()
    desk.error = ValueError("a bug")
    with pytest.raises(DriverError, match="internal error: a bug"):
        await desk.reads.read(a_device(), ["flow"])


async def test_so_many_devices_are_collected_from_at_a_time_and_how_it_went_is_counted(desk: Desk) -> None:
    collector = Collector(desk.reads, desk.clock, CollectionOptions(at_once=3))
    tasks = [asyncio.create_task(collector.collect(a_device(number), ["flow"])) for number in range(10)]
    await desk.until_asked(3)
    await asyncio.sleep(0)
    assert len(desk.asked) == 3
    desk.gate.set()
    assert await asyncio.gather(*tasks) == [True] * 10
    assert desk.most_under_way == 3
    desk.error = NoAnswerError("no reply")
    assert not await collector.collect(a_device(), ["flow"])
    told = collector.recent.told(1)
    assert (told.count, told.failed) == (11, 1)
