"""Orders are carried out one at a time for each device, and put down before and after."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import numpy as np
import pytest

from stripchart.catalog.errors import CatalogUnavailableError
from stripchart.drivers.base import SetupError, Writer
from stripchart.model.device import Device, DeviceId, SiteId, parse_link
from stripchart.model.order import Order, WriteResult, Written
from stripchart.model.sample import SampleBatch
from stripchart.polling.commands import BusyError, CommandOptions, Commands

G1 = Device(
    id=DeviceId(1),
    site_id=SiteId(1),
    name="G1",
    link=parse_link("tcp://10.0.0.1"),
    unit_id=1,
    profile="p",
    interval_s=1,
)
G2 = replace(G1, id=DeviceId(2), name="G2")
SAMPLES = SampleBatch(np.array([7], np.int32), np.array([1]), np.array([5.0]), np.array([0], np.uint8))
DONE = Written(WriteResult.VERIFIED, 4.0, 5.0, "", SAMPLES)


def order(device: Device = G1, value: float | None = 5.0) -> Order:
    return Order(device_id=device.id, key="p", value=value, who="ann", origin="127.0.0.1")


class Hand:
    """A writer that waits until it is told to go on, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.closed = 0
        self.bug: Exception | None = None

    async def write(self, key: str, value: float | str) -> Written:
        return await self._done(f"{key}={value}")

    async def command(self, key: str) -> Written:
        return await self._done(key)

    async def aclose(self) -> None:
        self.closed += 1

    async def _done(self, asked: str) -> Written:
        self.asked.append(asked)
        self.begun.set()
        await self.go_on.wait()
        if self.bug:
            raise self.bug
        return DONE


class Book:
    """A record in memory."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.problem: Exception | None = None

    async def ask(self, order: Order, device: str) -> int:
        if self.problem:
            raise self.problem
        self.lines.append(f"{order.who} asks {device} {order.key}={order.value}")
        return len(self.lines)

    async def end(self, order_id: int, order: Order, written: Written) -> None:
        self.lines.append(f"{order_id} {written.result} {written.message}".strip())


class Office:
    """Commands with a hand for all devices."""

    def __init__(self, options: CommandOptions | None = None) -> None:
        self.hand, self.book = Hand(), Book()
        self.samples: list[SampleBatch] = []
        self.problem: Exception | None = None
        self.commands = Commands(self._open, self.samples.append, self.book, options)

    async def _open(self, _: Device) -> Writer:
        if self.problem:
            raise self.problem
        return self.hand


@contextlib.asynccontextmanager
async def office(options: CommandOptions | None = None) -> AsyncIterator[Office]:
    made = Office(options)
    async with asyncio.timeout(10), made.commands:
        yield made


async def test_an_order_is_put_down_done_and_put_down_again() -> None:
    async with office() as it:
        done = await it.commands.carry_out(G1, order())
        assert (done.id, done.written) == (1, DONE)
        assert it.hand.asked == ["p=5.0"]
        assert it.book.lines == ["ann asks G1 p=5.0", "1 verified"]
        assert it.samples == [SAMPLES]
        assert it.hand.closed == 1


async def test_a_command_is_an_order_without_a_value() -> None:
    async with office() as it:
        await it.commands.carry_out(G1, order(value=None))
        assert it.hand.asked == ["p"]


async def test_what_cannot_be_put_down_is_not_done() -> None:
    async with office() as it:
        it.book.problem = CatalogUnavailableError("the disk is full")
        with pytest.raises(CatalogUnavailableError, match="the disk is full"):
            await it.commands.carry_out(G1, order())
        assert it.hand.asked == []


async def test_a_device_has_one_order_at_a_time_and_others_do_not_wait_for_it() -> None:
    async with office() as it:
        it.hand.go_on.clear()
        first = asyncio.ensure_future(it.commands.carry_out(G1, order()))
        second = asyncio.ensure_future(it.commands.carry_out(G1, order()))
        await it.hand.begun.wait()
        it.hand.begun.clear()
        other = asyncio.ensure_future(it.commands.carry_out(G2, order(G2)))
        await it.hand.begun.wait()
        assert len(it.hand.asked) == 2
        it.hand.go_on.set()
        await asyncio.gather(first, second, other)
        assert len(it.hand.asked) == 3


async def test_too_many_orders_are_turned_away_and_counted() -> None:
    async with office(CommandOptions(waiting=2)) as it:
        it.hand.go_on.clear()
        taken = [asyncio.ensure_future(it.commands.carry_out(G1, order())) for _ in range(2)]
        await it.hand.begun.wait()
        with pytest.raises(BusyError, match="G1: 2 orders wait already; nothing was sent"):
            await it.commands.carry_out(G1, order())
        assert it.commands.turned_away == 1
        it.hand.go_on.set()
        await asyncio.gather(*taken)
        await it.commands.carry_out(G1, order())


async def test_an_order_does_not_wait_for_ever() -> None:
    async with office(CommandOptions(wait_s=0.01)) as it:
        it.hand.go_on.clear()
        first = asyncio.ensure_future(it.commands.carry_out(G1, order()))
        await it.hand.begun.wait()
        with pytest.raises(BusyError, match="another order took longer than"):
            await it.commands.carry_out(G1, order())
        it.hand.go_on.set()
        await first
        assert it.hand.asked == ["p=5.0"]


async def test_an_order_that_takes_too_long_is_broken_off_and_put_down() -> None:
    async with office(CommandOptions(longest_s=0.01)) as it:
        it.hand.go_on.clear()
        done = await it.commands.carry_out(G1, order())
        assert (done.written.result, done.written.message) == (WriteResult.FAILED, "not done within 0.01 s")
        assert it.book.lines[-1] == "1 failed not done within 0.01 s"
        assert it.hand.closed == 1


async def test_an_order_that_was_begun_is_finished_when_the_operator_leaves() -> None:
    async with office() as it:
        it.hand.go_on.clear()
        asking = asyncio.ensure_future(it.commands.carry_out(G1, order()))
        await it.hand.begun.wait()
        asking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asking
        it.hand.go_on.set()
    assert it.book.lines[-1] == "1 verified"


async def test_an_order_that_waits_is_dropped_when_the_operator_leaves() -> None:
    async with office() as it:
        it.hand.go_on.clear()
        first = asyncio.ensure_future(it.commands.carry_out(G1, order()))
        await it.hand.begun.wait()
        second = asyncio.ensure_future(it.commands.carry_out(G1, order()))
        await asyncio.sleep(0)
        second.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await second
        it.hand.go_on.set()
        await first
    assert len(it.hand.asked) == 1


async def test_at_the_end_orders_under_way_are_finished_and_others_dropped() -> None:
    async with office(CommandOptions(patience_s=5)) as it:
        it.hand.go_on.clear()
        first = asyncio.ensure_future(it.commands.carry_out(G1, order()))
        await it.hand.begun.wait()
        second = asyncio.ensure_future(it.commands.carry_out(G1, order()))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(it.hand.go_on.set)
    assert (await first).written.result is WriteResult.VERIFIED
    with pytest.raises(BusyError, match="the program is ending"):
        await second
    with pytest.raises(BusyError, match="the program is ending"):
        await it.commands.carry_out(G1, order())


async def test_an_order_broken_off_at_the_end_is_put_down_as_failed() -> None:
    async with office(CommandOptions(patience_s=0.01)) as it:
        it.hand.go_on.clear()
        asking = asyncio.ensure_future(it.commands.carry_out(G1, order()))
        await it.hand.begun.wait()
    with pytest.raises(BusyError):
        await asking
    assert it.book.lines[-1] == "1 failed broken off while it was under way"


async def test_a_device_that_cannot_be_opened_and_a_bug_are_failures_that_are_put_down() -> None:
    async with office() as it:
        it.problem = SetupError("profile 'p' cannot be used")
        done = await it.commands.carry_out(G1, order())
        assert done.written.message == "nothing was sent: profile 'p' cannot be used"
    async with office() as it:
        it.hand.bug = RuntimeError("oops")
        done = await it.commands.carry_out(G1, order())
        assert (done.written.result, done.written.message) == (WriteResult.FAILED, "internal error: oops")
        assert it.book.lines[-1] == "1 failed internal error: oops"
