"""Writes over every framing reach servers nobody here wrote, once, and before the reads that wait."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from pymodbus.server import ModbusTlsServer

from stripchart.drivers.base import NoAnswerError, RefusedError
from stripchart.drivers.modbus.link import ModbusLink
from stripchart.drivers.modbus.write_request import point_request
from stripchart.model.block import Block
from stripchart.model.device import Framing
from stripchart.model.encode import encode_exactly
from stripchart.model.link import LinkOptions
from stripchart.model.point import DataType, Point, Table, Writable
from stripchart.wire import mbap, pdu, rtu
from tests.integration.links.peers import (
    HASTY,
    LIMIT_S,
    PATIENT,
    Line,
    linked,
    local,
    opened,
    port_of,
    pymodbus_server,
    pymodbustcp_server,
    registers,
    station,
    tcp_words,
    two_units,
    until,
)
from tests.integration.links.serial_peers import at, plugged, pymodbus_units

FRAMINGS = pytest.mark.parametrize("framing", list(Framing))
COIL = Block(Table.COIL, 4, 5)


@asynccontextmanager
async def link_to_pymodbus(framing: Framing, folder: Path) -> AsyncIterator[ModbusLink]:
    """A link to pymodbus' own server with units 1 and 2."""
    async with AsyncExitStack() as stack:
        if framing.is_serial:
            bus = await stack.enter_async_context(plugged(folder))
            await stack.enter_async_context(pymodbus_units(bus, framing))
            yield await stack.enter_async_context(opened(at(bus, framing)))
        elif framing is Framing.TLS:
            authority = certificate(folder)
            port = await stack.enter_async_context(tls_server(authority))
            options = LinkOptions(ca=str(authority))
            yield await stack.enter_async_context(opened(local(framing, port), options))
        else:
            port = await stack.enter_async_context(pymodbus_server(framing))
            yield await stack.enter_async_context(linked(framing, port))


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself; its key lies beside it."""
    file = folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"),
            *("-days", "2", "-subj", "/CN=A device", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", folder / "key.pem", "-out", file),
        ],
        check=True,
        capture_output=True,
        timeout=LIMIT_S,
    )
    return file


@asynccontextmanager
async def tls_server(authority: Path) -> AsyncIterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, authority.with_name("key.pem"))
    server = ModbusTlsServer(two_units(), sslctx=context, address=("127.0.0.1", 0))
    await server.serve_forever(background=True)
    try:
        yield port_of(server.transport)
    finally:
        server.close()


async def write_register(link: ModbusLink, unit: int, address: int, value: int) -> None:
    request = pdu.single_write_request(pdu.WRITE_SINGLE_REGISTER, address, value)
    await link.write(unit, registers(address, 1), PATIENT, request)


@FRAMINGS
async def test_registers_and_coils_are_written_one_and_many(framing: Framing, tmp_path: Path) -> None:
    async with link_to_pymodbus(framing, tmp_path) as link:
        await write_register(link, 1, 10, 0xBEEF)
        many = pdu.multiple_write_request(pdu.WRITE_MULTIPLE_REGISTERS, 20, [1, 65_535, 3])
        await link.write(2, registers(20, 3), PATIENT, many)
        await link.write(1, COIL, PATIENT, pdu.single_write_request(pdu.WRITE_SINGLE_COIL, 4, 1))
        coils = pdu.multiple_write_request(pdu.WRITE_MULTIPLE_COILS, 5, [1, 0, 1])
        await link.write(1, Block(Table.COIL, 5, 8), PATIENT, coils)
        assert (await link.read(1, registers(9, 3), PATIENT)).tolist() == [1009, 0xBEEF, 1011]
        assert (await link.read(2, registers(19, 5), PATIENT)).tolist() == [2019, 1, 65_535, 3, 2023]
        assert (await link.read(1, Block(Table.COIL, 4, 8), PATIENT)).tolist() == [1, 1, 0, 1]
        assert (link.counters.requests, link.counters.replies, link.counters.connects) == (7, 7, 1)


@FRAMINGS
async def test_a_refused_write_names_unit_place_and_reason(framing: Framing, tmp_path: Path) -> None:
    async with link_to_pymodbus(framing, tmp_path) as link:
        with pytest.raises(RefusedError, match=r"unit 1, holding 5000..5000: exception 2 \(illegal data address\)"):
            await write_register(link, 1, 5000, 1)
        await write_register(link, 1, 10, 7)


async def test_a_value_lies_in_another_server_as_it_was_meant() -> None:
    with pymodbustcp_server() as (port, data):
        async with linked(Framing.TCP, port) as link:
            for type_, value, words in (
                (DataType.INT32, -2.5, [0xFFFF, 0xF63C]),
                (DataType.FLOAT32, 1.5, [0x3FC0, 0]),
                (DataType.BCD16, 1234, [0x1234]),
            ):
                scale = 0.001 if type_ is DataType.INT32 else 1.0
                point = Point(
                    key="p", name={"en": "P"}, table=Table.HOLDING, address=100, type=type_,
                    registers=type_.registers, scale=scale, writable=Writable(-9999, 9999),
                )  # fmt: skip
                block, request = point_request(point, encode_exactly(point, value))
                await link.write(1, block, PATIENT, request)
                assert data.get_holding_registers(100, len(words)) == words


async def test_a_write_goes_before_all_reads_that_wait() -> None:
    asked: list[int] = []
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def script(line: Line) -> None:
        while True:
            transaction, unit, request = await line.tcp_request()
            asked.append(request.function)
            begun.set()
            await go_on.wait()
            if request.function == pdu.WRITE_SINGLE_REGISTER:
                await line.send(mbap.build_frame(transaction, unit, pdu.write_reply(request)))
            else:
                await line.send(tcp_words(transaction, unit, *range(request.count)))

    async with station(script) as server, linked(Framing.TCP, server.port) as link:
        reads = [asyncio.ensure_future(link.read(unit, registers(0, 100), PATIENT)) for unit in range(1, 21)] * 5
        await begun.wait()
        writing = asyncio.ensure_future(write_register(link, 7, 3, 1))
        look = asyncio.ensure_future(link.read(7, registers(3, 1), PATIENT, urgent=True))
        await asyncio.sleep(0)
        assert link.waiting > 15
        go_on.set()
        await asyncio.gather(*reads, writing, look)
        assert asked[:3] == [pdu.READ_HOLDING_REGISTERS, pdu.WRITE_SINGLE_REGISTER, pdu.READ_HOLDING_REGISTERS]
        assert asked.count(pdu.WRITE_SINGLE_REGISTER) == 1


async def test_a_link_that_is_read_all_the_time_sends_a_write_after_the_request_under_way() -> None:
    asked: list[int] = []

    async def script(line: Line) -> None:
        while True:
            transaction, unit, request = await line.tcp_request()
            asked.append(request.function)
            if request.function == pdu.WRITE_SINGLE_REGISTER:
                await line.send(mbap.build_frame(transaction, unit, pdu.write_reply(request)))
            else:
                await line.send(tcp_words(transaction, unit, *range(request.count)))

    async with station(script) as server, linked(Framing.TCP, server.port) as link:

        async def keep_reading(unit: int) -> None:
            while True:
                await link.read(unit, registers(0, 100), PATIENT)

        readers = [asyncio.ensure_future(keep_reading(unit)) for unit in range(1, 31)]
        for _ in range(20):
            await until(lambda: link.waiting >= 25)
            sent = len(asked)
            await write_register(link, 5, 3, 1)
            assert pdu.WRITE_SINGLE_REGISTER in asked[sent : sent + 2], "only the read under way comes before it"
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)


@pytest.mark.parametrize("framing", [Framing.TCP, Framing.RTU_OVER_TCP])
async def test_a_write_without_an_answer_is_sent_once(framing: Framing) -> None:
    came: list[bytes] = []

    async def script(line: Line) -> None:
        while data := await line.some():
            came.append(data)

    request = pdu.single_write_request(pdu.WRITE_SINGLE_REGISTER, 3, 1)
    async with station(script) as server, linked(framing, server.port) as link:
        with pytest.raises(NoAnswerError, match="no reply within"):
            await link.write(1, registers(3, 1), HASTY, request)
    assert len(b"".join(came)) == (12 if framing is Framing.TCP else 8)


async def test_a_confirmation_is_found_among_noise_and_frames_of_others() -> None:
    async def script(line: Line) -> None:
        unit, request = await line.rtu_request()
        other = rtu.build_frame(9, pdu.single_write_request(pdu.WRITE_SINGLE_REGISTER, 3, 1))
        wrong = rtu.build_frame(unit, pdu.single_write_request(pdu.WRITE_SINGLE_REGISTER, 3, 2))
        await line.send(b"\x00\xff" + other + wrong + rtu.build_frame(unit, pdu.write_reply(request)))
        await line.closed()

    async with station(script) as server, linked(Framing.RTU_OVER_TCP, server.port) as link:
        await write_register(link, 1, 3, 1)
        assert link.counters.discarded_bytes == 18


async def test_a_write_that_nobody_waits_for_any_more_is_not_sent() -> None:
    asked: list[int] = []
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def script(line: Line) -> None:
        while True:
            transaction, unit, request = await line.tcp_request()
            asked.append(request.function)
            begun.set()
            await go_on.wait()
            await line.send(tcp_words(transaction, unit, *range(request.count)))

    async with station(script) as server, linked(Framing.TCP, server.port) as link:
        reading = asyncio.ensure_future(link.read(1, registers(0, 1), PATIENT))
        await begun.wait()
        writing = asyncio.ensure_future(write_register(link, 1, 3, 1))
        await asyncio.sleep(0)
        writing.cancel()
        go_on.set()
        await reading
        await link.read(1, registers(0, 1), PATIENT)
        assert asked == [3, 3]
