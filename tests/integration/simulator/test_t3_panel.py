"""A simulated T3 controller does what the firmware does, above all where that is not what Modbus says."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from stripchart.model.device import Framing
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.behaviours.building import Building
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.manners import T3_MANNERS
from stripchart.simulator.server import serving
from stripchart.simulator.t3_panel import T3Panel
from stripchart.wire import mbap, pdu
from tests.integration.simulator.clients import LIMIT_S, raw_client

LIBRARY = ProfileLibrary.shipped()
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def panel_on_a_socket(*behind: SimulatedDevice) -> AsyncIterator[tuple[T3Panel, int]]:
    panel = T3Panel(LIBRARY.get("temco-t3"), 1, Building(1))
    async with serving([panel, *behind], framing=Framing.TCP, manners=T3_MANNERS) as server:
        yield panel, server.port


async def reply_to(streams: Streams, *requests: tuple[int, bytes]) -> tuple[int, int, bytes]:
    """Transaction, unit and PDU of the first reply; each request goes out when the panel is awake again."""
    reader, writer = streams
    for number, (unit, body) in enumerate(requests):
        writer.write(mbap.build_frame(number, unit, body))
        await writer.drain()
        await asyncio.sleep(1.5 * T3_MANNERS.rest_s)
    async with asyncio.timeout(LIMIT_S):
        head = await reader.readexactly(6)
        rest = await reader.readexactly(struct.unpack(">H", head[4:])[0])
    return struct.unpack(">H", head[:2])[0], rest[0], rest[1:]


def read(start: int, count: int, function: int = 3) -> bytes:
    return struct.pack(">BHH", function, start, count)


PRODUCT = read(7, 1)
PRODUCT_REPLY = bytes((3, 2, 0, 88))

UNANSWERED = {
    "input registers": (1, read(7, 1, 4)),
    "coils": (1, read(0, 1, 1)),
    "a function that there is not": (1, bytes((0x2B, 14, 1, 0, 0))),
    "registers that there are not": (1, read(60_000, 1)),
    "no registers": (1, read(7, 0)),
    "unit 0": (0, PRODUCT),
    "a unit that nobody is": (77, PRODUCT),
    "three registers at once": (1, pdu.multiple_write_request(16, 8092, [0, 0, 0])),
    "a single register by function 16": (1, pdu.multiple_write_request(16, 8348, [1])),
}


@pytest.mark.parametrize("said", UNANSWERED)
async def test_it_is_silent_where_others_refuse(said: str) -> None:
    async with panel_on_a_socket() as (_, port), raw_client(port) as streams:
        assert await reply_to(streams, UNANSWERED[said], (1, PRODUCT)) == (1, 1, PRODUCT_REPLY)


async def test_it_answers_at_unit_255_and_for_those_behind_it() -> None:
    meter = SimulatedDevice(LIBRARY.get("ddms-sensor"), 9)
    meter.set("value", 12.5)
    async with panel_on_a_socket(meter) as (_, port), raw_client(port) as streams:
        assert await reply_to(streams, (255, PRODUCT)) == (0, 255, PRODUCT_REPLY)
        assert (await reply_to(streams, (9, read(0, 2))))[2] == bytes((3, 4)) + struct.pack(">f", 12.5)


async def test_a_seventh_client_is_closed_at_once() -> None:
    async with panel_on_a_socket() as (_, port), asyncio.timeout(LIMIT_S):
        six = [await asyncio.open_connection("127.0.0.1", port) for _ in range(6)]
        for streams in six:
            assert (await reply_to(streams, (1, PRODUCT)))[2] == PRODUCT_REPLY
        async with raw_client(port) as (reader, _):
            assert await reader.read() == b""
        assert (await reply_to(six[5], (1, PRODUCT)))[2] == PRODUCT_REPLY
        for _, writer in six:
            writer.close()
            await writer.wait_closed()


async def test_of_two_requests_in_one_segment_the_second_is_lost() -> None:
    async with panel_on_a_socket() as (_, port), raw_client(port) as streams:
        streams[1].write(mbap.build_frame(7, 1, PRODUCT) + mbap.build_frame(8, 1, PRODUCT))
        await streams[1].drain()
        assert (await reply_to(streams))[0] == 7
        assert (await reply_to(streams, (1, PRODUCT)))[0] == 0


async def test_only_the_low_byte_of_a_count_counts() -> None:
    async with panel_on_a_socket() as (_, port), raw_client(port) as streams:
        assert len((await reply_to(streams, (1, read(7100, 0x0164))))[2]) == 2 + 200
        too_long = (await reply_to(streams, (1, read(7100, 200))))[2]
        assert (too_long[1], len(too_long)) == (400 & 0xFF, 2 + 400)


async def test_writes_go_where_the_firmware_lets_them() -> None:
    async with panel_on_a_socket() as (panel, port), raw_client(port) as streams:
        variable = panel.read("var1")
        lost = pdu.single_write_request(6, 8093, 123)
        assert (await reply_to(streams, (1, lost)))[2] == lost
        assert panel.read("var1") == variable
        assert panel.flash_writes == 0
        await reply_to(streams, (1, pdu.multiple_write_request(16, 8092, [0xFFFF, 0xFFFF])))
        assert panel.read("var1") == pytest.approx(-0.001)
        assert panel.flash_writes == 1
        output = panel.read("out1")
        await reply_to(streams, (1, pdu.multiple_write_request(16, 7100, [0, 60_000])))
        assert panel.read("out1") == 60.0
        panel.advance(0.01)
        assert panel.read("out1") == pytest.approx(output, abs=1)
        panel.set("out2_switch", 2)
        await reply_to(streams, (1, pdu.single_write_request(6, 7357, 1)))
        assert panel.read("out2_manual") == 0


async def test_its_clock_runs_and_is_set_field_by_field() -> None:
    async with panel_on_a_socket() as (panel, port), raw_client(port) as streams:
        await reply_to(streams, (1, pdu.single_write_request(6, 206, 2020)))
        panel.advance(0)
        assert panel.read("clock_year") == 2020
        assert panel.clock_is_off.days < -2000
