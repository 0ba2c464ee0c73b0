"""The simulator on real sockets, read by a client that is not ours."""

import asyncio
from collections.abc import Callable

import pytest

from stripchart.model.device import Framing
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.faults import parse_fault
from stripchart.simulator.manners import Manners
from stripchart.simulator.server import PortInUseError, SimulatorError, SimulatorServer, serving
from stripchart.wire import mbap, rtu
from stripchart.wire.pdu import read_request
from tests.integration.simulator.clients import LIMIT_S, pymodbus_client, raw_client, until
from tests.unit.simulator.made import boiler

both = pytest.mark.parametrize("framing", [Framing.TCP, Framing.RTU_OVER_TCP])


def level_device(unit_id: int, level: float) -> SimulatedDevice:
    device = SimulatedDevice(boiler(), unit_id)
    device.set("level", level)
    return device


def request(framing: Framing, unit_id: int = 1, start: int = 10, count: int = 1) -> bytes:
    pdu = read_request(3, start, count)
    return mbap.build_frame(0x77, unit_id, pdu) if framing is Framing.TCP else rtu.build_frame(unit_id, pdu)


def reply(framing: Framing, value: int, unit_id: int = 1) -> bytes:
    pdu = bytes((3, 2)) + value.to_bytes(2, "big")
    return mbap.build_frame(0x77, unit_id, pdu) if framing is Framing.TCP else rtu.build_frame(unit_id, pdu)


@both
async def test_many_units_on_one_port_are_read_by_pymodbus(framing: Framing) -> None:
    devices = [level_device(unit_id, unit_id * 10) for unit_id in (1, 2, 200)]
    async with serving(devices, framing=framing) as server, pymodbus_client(server.port, framing) as client:
        for unit_id in (1, 2, 200):
            answer = await client.read_holding_registers(10, count=2, device_id=unit_id)
            assert answer.registers == [unit_id * 100, 0]


@both
async def test_every_table_and_every_write_works_for_pymodbus(framing: Framing) -> None:
    device = level_device(1, 5)
    device.set("count", 70_000)
    device.set("hot", 1)
    async with serving([device], framing=framing) as server, pymodbus_client(server.port, framing) as client:
        assert (await client.read_input_registers(1000, count=2)).registers == [1, 4464]
        assert (await client.read_discrete_inputs(0, count=1)).bits[0]
        assert not (await client.write_register(10, 123)).isError()
        assert not (await client.write_registers(14, [0x41C8, 0])).isError()
        assert not (await client.write_coil(3, True)).isError()
        assert not (await client.write_coils(4, [False, True])).isError()
        assert (await client.read_coils(3, count=3)).bits[:3] == [True, False, True]
        assert device.read("level") == pytest.approx(12.3)
        assert device.read("flow") == 25.0


@both
async def test_an_unknown_address_is_an_exception_for_pymodbus(framing: Framing) -> None:
    async with (
        serving([level_device(1, 5)], framing=framing) as server,
        pymodbus_client(server.port, framing) as client,
    ):
        answer = await client.read_holding_registers(9000, count=1)
        assert (answer.isError(), answer.exception_code) == (True, 2)


@both
async def test_an_unknown_unit_stays_silent_and_the_next_request_is_answered(framing: Framing) -> None:
    async with serving([level_device(1, 5)], framing=framing) as server, raw_client(server.port) as (reader, writer):
        writer.write(request(framing, unit_id=9) + request(framing))
        assert await reader.readexactly(len(reply(framing, 50))) == reply(framing, 50)


@both
async def test_pipelined_and_split_requests_are_all_answered_in_order(framing: Framing) -> None:
    devices = [level_device(unit_id, unit_id) for unit_id in (1, 2, 3)]
    async with serving(devices, framing=framing) as server, raw_client(server.port) as (reader, writer):
        sent = b"".join(request(framing, unit_id) for unit_id in (1, 2, 3))
        for place in range(0, len(sent), 5):
            writer.write(sent[place : place + 5])
            await writer.drain()
        expected = b"".join(reply(framing, unit_id * 10, unit_id) for unit_id in (1, 2, 3))
        assert await reader.readexactly(len(expected)) == expected
        assert server.requests == 3


async def test_a_request_among_dirty_bytes_is_found_on_an_rtu_link() -> None:
    framing = Framing.RTU_OVER_TCP
    async with serving([level_device(1, 5)], framing=framing) as server, raw_client(server.port) as (reader, writer):
        damaged = bytearray(request(framing))
        damaged[-1] ^= 0xFF
        writer.write(bytes(300) + bytes(damaged) + b"\x01\x03\xff" + request(framing))
        assert await reader.readexactly(7) == reply(framing, 50)
        assert server.requests == 1


async def test_bytes_that_are_no_modbus_tcp_end_the_connection() -> None:
    async with (
        serving([level_device(1, 5)], framing=Framing.TCP) as server,
        raw_client(server.port) as (reader, writer),
    ):
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert await reader.read() == b""


Check = Callable[[bytes, Framing], bool]


@both
@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("exception=6", lambda seen, framing: b"\x83\x06" in seen),
        ("wrong_unit=42", lambda seen, framing: seen == reply(framing, 50, unit_id=42)),
        ("stale=before", lambda seen, framing: seen == reply(framing, 40) + reply(framing, 50)),
        ("stale=instead", lambda seen, framing: seen == reply(framing, 40)),
        ("garbage=before", lambda seen, framing: seen.endswith(reply(framing, 50)) and len(seen) > 13),
        ("garbage=instead", lambda seen, framing: seen and not seen.endswith(reply(framing, 50))),
        ("slow=0.05", lambda seen, framing: seen == reply(framing, 50)),
        ("mute", lambda seen, framing: seen == b""),
    ],
)
async def test_a_fault_is_seen_on_the_wire_and_ends_when_it_is_cleared(
    framing: Framing, text: str, check: Check
) -> None:
    device, healthy = level_device(1, 4), level_device(2, 9)
    async with serving([device, healthy], framing=framing) as server, raw_client(server.port) as (reader, writer):
        writer.write(request(framing))
        await reader.readexactly(len(reply(framing, 40)))
        device.fault = parse_fault(text)
        device.set("level", 5)
        writer.write(request(framing))
        await until(lambda: server.requests == 2)
        seen = b"" if text == "mute" else await reader.read(1000)
        device.fault = None
        writer.write(request(framing, unit_id=2))
        after = await reader.readexactly(len(reply(framing, 90, 2)))
        assert check(seen, framing)
        assert after == reply(framing, 90, 2)


@both
async def test_a_dropped_connection_is_closed_and_a_new_one_works(framing: Framing) -> None:
    device = level_device(1, 5)
    device.fault = parse_fault("drop")
    async with serving([device], framing=framing) as server:
        async with raw_client(server.port) as (reader, writer):
            writer.write(request(framing))
            seen = (await asyncio.gather(reader.read(), return_exceptions=True))[0]
            assert seen == b"" or isinstance(seen, ConnectionError)
        device.fault = None
        async with pymodbus_client(server.port, framing) as client:
            assert (await client.read_holding_registers(10)).registers == [50]


@both
async def test_a_mute_unit_costs_pymodbus_its_time_limit_and_the_others_nothing(framing: Framing) -> None:
    mute, well = level_device(1, 5), level_device(2, 6)
    mute.fault = parse_fault("mute")
    async with serving([mute, well], framing=framing) as server:
        async with pymodbus_client(server.port, framing, patience_s=0.2) as client:
            answer = (await asyncio.gather(client.read_holding_registers(10), return_exceptions=True))[0]
            assert isinstance(answer, Exception)
        async with pymodbus_client(server.port, framing) as client:
            assert (await client.read_holding_registers(10, device_id=2)).registers == [60]


async def test_a_late_reply_is_not_sent_to_a_client_that_has_gone() -> None:
    device = level_device(1, 5)
    device.fault = parse_fault("slow=30")
    async with serving([device], framing=Framing.TCP) as server:
        async with raw_client(server.port) as (_, writer):
            writer.write(request(Framing.TCP))
            await until(lambda: server.requests == 1)
        await until(lambda: not server.clients)


async def test_a_client_beyond_the_limit_is_turned_away() -> None:
    async with (
        serving([level_device(1, 5)], framing=Framing.TCP, manners=Manners(max_clients=1)) as server,
        raw_client(server.port) as (first, first_writer),
    ):
        await until(lambda: len(server.clients) == 1)
        async with raw_client(server.port) as (second, _):
            assert await second.read() == b""
        first_writer.write(request(Framing.TCP))
        assert await first.readexactly(11) == reply(Framing.TCP, 50)


async def test_a_client_that_reads_nothing_does_not_fill_the_memory() -> None:
    async with (
        serving([level_device(1, 5)], framing=Framing.TCP) as server,
        raw_client(server.port) as (_, writer),
    ):
        burst = request(Framing.TCP, start=10, count=10) * 1000
        sent = 0
        while sent < 5000 and await _drained(writer, burst):
            sent += 1
        assert sent < 5000
        writer.transport.abort()


async def _drained(writer: asyncio.StreamWriter, data: bytes) -> bool:
    writer.write(data)
    try:
        async with asyncio.timeout(0.5):
            await writer.drain()
    except TimeoutError:
        return False
    return True


async def test_a_port_in_use_is_named_with_what_to_do() -> None:
    async with serving([level_device(1, 5)], framing=Framing.TCP) as server:
        with pytest.raises(PortInUseError, match=f"port {server.port} on 127.0.0.1 is in use: stop the program"):
            async with serving([level_device(1, 5)], framing=Framing.TCP, port=server.port):
                pass


async def test_a_host_that_is_not_ours_and_a_framing_we_do_not_speak_are_refused() -> None:
    with pytest.raises(SimulatorError, match=r"cannot listen on 203\.0\.113\.7"):
        async with serving([], framing=Framing.TCP, host="203.0.113.7"):
            pass
    with pytest.raises(SimulatorError, match="framing ascii: the simulator speaks tcp and rtu_over_tcp"):
        SimulatorServer([], Framing.ASCII, Manners())


async def test_two_devices_of_one_unit_id_are_refused() -> None:
    with pytest.raises(SimulatorError, match="unit id 4 is given twice"):
        async with serving([level_device(4, 1), level_device(4, 2)], framing=Framing.TCP):
            pass


async def test_closing_ends_every_connection() -> None:
    async with serving([level_device(1, 5)], framing=Framing.TCP) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        await until(lambda: len(server.clients) == 1)
    async with asyncio.timeout(LIMIT_S):
        seen = (await asyncio.gather(reader.read(), return_exceptions=True))[0]
    assert seen == b"" or isinstance(seen, ConnectionError)
    assert not server.clients
    writer.close()
