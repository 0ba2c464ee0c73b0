"""A link ends when it is told to, whatever its transport does with the cancellation."""

import asyncio

import pytest

from stripchart.drivers.base import LinkDownError
from stripchart.drivers.modbus.context import LinkContext
from stripchart.drivers.modbus.link import ModbusLink
from stripchart.drivers.modbus.transport import Question
from stripchart.model.block import Block
from stripchart.model.device import LinkAddress, parse_link
from stripchart.model.point import Table
from stripchart.model.profile import Pacing


class DeafTransport:
    """Answers, with 7, only when it is cancelled: as asyncio.wait_for does when reply and cancellation meet."""

    connected = True
    can_be_left = False

    def __init__(self) -> None:
        self.context = LinkContext(parse_link("tcp://127.0.0.1:1"))
        self.asked = asyncio.Event()

    async def connect(self, place: LinkAddress, timeout_s: float) -> None:
        return None

    async def exchange(self, question: Question) -> bytes:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return bytes((3, 2, 0, 7))
        raise AssertionError("nobody sets the event")

    def drop(self) -> None:
        return None


async def test_a_lost_cancellation_does_not_keep_a_link_open() -> None:
    transport = DeafTransport()
    link = ModbusLink(transport)
    block = Block(Table.HOLDING, 0, 1)
    first = asyncio.create_task(link.read(1, block, Pacing()))
    second = asyncio.create_task(link.read(1, block, Pacing()))
    async with asyncio.timeout(5):
        await transport.asked.wait()
        await link.aclose()
        assert (await first).tolist() == [7]
        with pytest.raises(LinkDownError, match="the link is closed"):
            await second
