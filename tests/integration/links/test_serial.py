"""Serial lines, RTU and ASCII: pymodbus' own server and scripted devices at the other end of a pseudo-terminal."""

import asyncio
import os
import re
from pathlib import Path

import pytest
from pymodbus import FramerType
from pymodbus.server import ModbusSerialServer
from pymodbus.simulator import DataType, SimData, SimDevice

from stripchart.drivers.base import BadReplyError, LinkDownError, NoAnswerError, RefusedError
from stripchart.drivers.modbus.link import LinkState, ModbusLink
from stripchart.model.block import Block
from stripchart.model.device import Framing, LinkAddress, SerialLine
from stripchart.model.link import LinkOptions
from stripchart.model.point import Table
from stripchart.model.profile import Pacing
from stripchart.wire import pdu
from tests.integration.links.peers import HASTY, LIMIT_S, PATIENT, QUICK_RETRY, opened, registers, until
from tests.integration.links.serial_peers import Wire, at, plugged, pymodbus_units, scripted
from tests.system.programs import finished

FRAMINGS = pytest.mark.parametrize("framing", [Framing.RTU, Framing.ASCII])
SPEEDS = pytest.mark.parametrize("baudrate", [9600, 115_200])
UNTRIED = LIMIT_S
"""A pause that no test would live through."""


@SPEEDS
@FRAMINGS
async def test_many_blocks_of_two_units_come_over_one_bus(framing: Framing, baudrate: int, tmp_path: Path) -> None:
    asked = [(unit, start) for start in range(0, 60, 3) for unit in (1, 2)]
    async with (
        plugged(tmp_path) as bus,
        pymodbus_units(bus, framing, baudrate),
        opened(at(bus, framing, baudrate)) as link,
    ):
        answers = await asyncio.gather(*(link.read(unit, registers(start, 125), PATIENT) for unit, start in asked))
        for (unit, start), words in zip(asked, answers, strict=True):
            assert words.tolist() == list(range(1000 * unit + start, 1000 * unit + start + 125))
        assert (link.counters.connects, link.counters.replies, link.counters.discarded_bytes) == (1, 40, 0)


@FRAMINGS
async def test_every_table_and_high_addresses_are_read(framing: Framing, tmp_path: Path) -> None:
    async with plugged(tmp_path) as bus, pymodbus_units(bus, framing), opened(at(bus, framing)) as link:
        assert (await link.read(2, registers(40_000, 3), PATIENT)).tolist() == [65_535, 32_768, 2]
        assert (await link.read(1, Block(Table.INPUT, 1, 3), PATIENT)).tolist() == [8, 9]
        coils = await link.read(1, Block(Table.COIL, 3, 17), PATIENT)
        assert coils.tolist() == [int(n % 3 == 0) for n in range(3, 17)]
        discrete = await link.read(1, Block(Table.DISCRETE, 0, 9), PATIENT)
        assert discrete.tolist() == [int(n % 3 != 0) for n in range(9)]


@FRAMINGS
async def test_a_refusal_names_unit_block_and_code_and_keeps_the_port(framing: Framing, tmp_path: Path) -> None:
    async with plugged(tmp_path) as bus, pymodbus_units(bus, framing), opened(at(bus, framing)) as link:
        with pytest.raises(RefusedError, match=r"unit 1, holding 5000..5009: exception 2 \(illegal data address\)"):
            await link.read(1, registers(5000, 10), PATIENT)
        assert (await link.read(2, registers(0, 1), PATIENT)).tolist() == [2000]
        assert (link.counters.refused, link.counters.connects) == (1, 1)


@FRAMINGS
async def test_a_mute_unit_leaves_the_next_one_its_answer(framing: Framing, tmp_path: Path) -> None:
    async def script(wire: Wire) -> None:
        assert (await wire.request())[0] == 9
        assert (await wire.request())[0] == 2
        await wire.reply(2, 8)

    async with plugged(tmp_path) as bus, scripted(bus, framing, script), opened(at(bus, framing)) as link:
        mute, healthy = await asyncio.gather(
            link.read(9, registers(0, 1), HASTY), link.read(2, registers(0, 1), PATIENT), return_exceptions=True
        )
        assert isinstance(mute, NoAnswerError)
        assert re.search(r"unit 9, holding 0..0: no reply within 0\.\d+ s$", str(mute))
        assert not isinstance(healthy, BaseException)
        assert healthy.tolist() == [8]
        assert (link.counters.timeouts, link.counters.connects) == (1, 1)


@FRAMINGS
async def test_noise_echoes_and_replies_of_others_before_a_reply_do_no_harm(framing: Framing, tmp_path: Path) -> None:
    noise = b"\x00\xff\x01\x03\xfa:01" * 80

    async def script(wire: Wire) -> None:
        await wire.request()
        echo = wire.frame(1, bytes((3, 0, 0, 0, 125)))
        await wire.send(noise + echo + wire.words(2, *range(125)) + wire.words(1, *range(125)))

    async with plugged(tmp_path) as bus, scripted(bus, framing, script), opened(at(bus, framing)) as link:
        assert (await link.read(1, registers(0, 125), PATIENT)).tolist() == list(range(125))
        assert link.counters.discarded_bytes > len(noise)


@SPEEDS
@FRAMINGS
async def test_the_traffic_of_another_master_is_told_from_ours_and_counted(
    framing: Framing, baudrate: int, tmp_path: Path
) -> None:
    """It asks unit 9 all the time; we wait for gaps, and what lies between question and reply is passed over."""
    theirs = pdu.read_request(3, 0, 2)

    async def script(wire: Wire) -> None:
        for number in range(5):
            unit, request = await wire.request()
            await wire.send(wire.frame(9, theirs) + wire.words(9, 66, 66))
            await wire.reply(unit, request.start, number)
            await wire.send(wire.frame(9, theirs))
            await asyncio.sleep(0.01)
            await wire.send(wire.words(9, 77, 77))

    async with (
        plugged(tmp_path) as bus,
        scripted(bus, framing, script),
        opened(at(bus, framing, baudrate), LinkOptions(listen_s=0.05)) as link,
    ):
        for number in range(5):
            assert (await link.read(1, registers(10 + number, 2), PATIENT)).tolist() == [10 + number, number]
        assert (link.counters.replies, link.counters.connects, link.counters.late) == (5, 1, 0)
        # What follows the last reply is thrown away before the next request, which does not come.
        assert link.counters.foreign in {18, 19}


@FRAMINGS
async def test_a_reply_in_pieces_is_put_together(framing: Framing, tmp_path: Path) -> None:
    async def script(wire: Wire) -> None:
        unit, _ = await wire.request()
        for byte in wire.words(unit, 7, 8, 9):
            await wire.send(bytes((byte,)))
            await asyncio.sleep(0.002)

    async with plugged(tmp_path) as bus, scripted(bus, framing, script), opened(at(bus, framing)) as link:
        assert (await link.read(1, registers(0, 3), PATIENT)).tolist() == [7, 8, 9]


@FRAMINGS
async def test_a_wrong_checksum_is_a_bad_reply_and_the_next_request_is_answered(
    framing: Framing, tmp_path: Path
) -> None:
    async def script(wire: Wire) -> None:
        unit, _ = await wire.request()
        wrong = bytearray(wire.words(unit, 1, 2))
        wrong[-4] ^= 1
        await wire.send(bytes(wrong))
        await wire.request()
        await wire.reply(unit, 3, 4)

    async with plugged(tmp_path) as bus, scripted(bus, framing, script), opened(at(bus, framing)) as link:
        with pytest.raises(BadReplyError, match="a reply with a wrong checksum came, and no other within") as failed:
            await link.read(1, registers(0, 2), Pacing(timeout_s=0.3))
        assert failed.value.cause.code == "checksum"
        assert (await link.read(1, registers(0, 2), PATIENT)).tolist() == [3, 4]
        assert (link.counters.bad_replies, link.counters.connects) == (1, 1)


@FRAMINGS
async def test_noise_alone_is_no_answer(framing: Framing, tmp_path: Path) -> None:
    async def script(wire: Wire) -> None:
        await wire.request()
        await wire.send(b"\x00\xff\x55")
        await wire.request()
        await wire.reply(2, 5)

    async with plugged(tmp_path) as bus, scripted(bus, framing, script), opened(at(bus, framing)) as link:
        with pytest.raises(NoAnswerError):
            await link.read(1, registers(0, 1), Pacing(timeout_s=0.25))
        assert (await link.read(2, registers(0, 1), PATIENT)).tolist() == [5]
        assert (link.counters.discarded_bytes, link.counters.connects) == (3, 1)


async def test_a_late_reply_on_a_serial_line_is_not_taken_for_other_registers(tmp_path: Path) -> None:
    second_is_due = asyncio.Event()

    async def script(wire: Wire) -> None:
        await wire.request()
        await second_is_due.wait()
        await wire.reply(1, 11, 12)
        assert (await wire.request())[1].count == 1
        await wire.reply(1, 21)
        assert (await wire.request())[1].start == 50
        await wire.reply(1, 21, 22)

    async with plugged(tmp_path) as bus, scripted(bus, Framing.RTU, script), opened(at(bus)) as link:
        with pytest.raises(NoAnswerError):
            await link.read(1, registers(0, 2), Pacing(timeout_s=0.3))
        second = asyncio.create_task(link.read(1, registers(50, 2), PATIENT))
        await asyncio.sleep(0.02)
        second_is_due.set()
        assert (await second).tolist() == [21, 22]


@FRAMINGS
async def test_a_port_that_disappears_is_a_link_down_until_it_is_back(framing: Framing, tmp_path: Path) -> None:
    async with plugged(tmp_path) as bus, opened(at(bus, framing), QUICK_RETRY) as link:
        async with pymodbus_units(bus, framing):
            assert (await link.read(1, registers(0, 1), PATIENT)).tolist() == [1000]
        await bus.unplug()
        await until(lambda: link.state is LinkState.IDLE)
        with pytest.raises(LinkDownError, match="ours: no such file or directory") as failed:
            await link.read(1, registers(0, 1), PATIENT)
        assert failed.value.cause.code == "no_port"
        assert link.state is LinkState.DOWN
        await bus.plug()
        async with pymodbus_units(bus, framing):
            assert await _read_when_up(link) == [1001]
        assert (link.state, link.trouble, link.counters.connects) == (LinkState.CONNECTED, "", 2)


@FRAMINGS
async def test_a_port_that_disappears_under_a_request_ends_it_at_once(framing: Framing, tmp_path: Path) -> None:
    asked = asyncio.Event()

    async def script(wire: Wire) -> None:
        await wire.request()
        asked.set()

    async with plugged(tmp_path) as bus, opened(at(bus, framing)) as link, scripted(bus, framing, script):
        reading = asyncio.create_task(link.read(1, registers(0, 1), Pacing(timeout_s=10 * LIMIT_S)))
        await asked.wait()
        await bus.unplug()
        with pytest.raises(LinkDownError, match=r"unit 1, holding 0..0: the connection was lost"):
            await reading


@FRAMINGS
async def test_closing_under_a_request_ends_it_at_once_and_frees_the_port(framing: Framing, tmp_path: Path) -> None:
    asked = asyncio.Event()

    async def script(wire: Wire) -> None:
        await wire.request()
        asked.set()
        await wire.request()
        await wire.reply(2, 6)

    async with plugged(tmp_path) as bus, scripted(bus, framing, script):
        async with opened(at(bus, framing)) as link:
            reading = asyncio.create_task(link.read(1, registers(0, 1), Pacing(timeout_s=10 * LIMIT_S)))
            await asked.wait()
            await link.aclose()
            with pytest.raises(LinkDownError, match="the link is closed"):
                await reading
        async with opened(at(bus, framing)) as another:
            assert (await another.read(2, registers(0, 1), PATIENT)).tolist() == [6]


async def test_a_port_that_another_link_uses_is_a_link_down_and_leaves_that_link_alone(tmp_path: Path) -> None:
    async with plugged(tmp_path) as bus, pymodbus_units(bus, Framing.RTU), opened(at(bus)) as first:
        assert (await first.read(1, registers(0, 1), PATIENT)).tolist() == [1000]
        async with opened(at(bus, baudrate=19_200)) as second:
            with pytest.raises(LinkDownError, match=r"ours\?baudrate=19200: another program uses the port") as failed:
                await second.read(1, registers(0, 1), PATIENT)
            assert failed.value.cause.code == "port_in_use"
        assert (await first.read(1, registers(1, 1), PATIENT)).tolist() == [1001]
        assert first.counters.connects == 1


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/dev/null", "this is no serial port"),
        ("/dev", "is a directory"),
        ("/dev/no-such-port", "no such file or directory"),
    ],
)
async def test_what_is_no_serial_port_is_a_link_down_with_the_reason(path: str, reason: str) -> None:
    async with opened(LinkAddress(Framing.RTU, path=path)) as link:
        with pytest.raises(LinkDownError, match=f"rtu://{path}: {reason}$"):
            await link.read(1, registers(0, 1), PATIENT)


async def test_a_pipe_nobody_reads_does_not_stop_the_program(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    async with opened(LinkAddress(Framing.RTU, path=str(tmp_path / "pipe"))) as link:
        with pytest.raises(LinkDownError, match="pipe: this is no serial port") as failed:
            await link.read(1, registers(0, 1), PATIENT)
        assert failed.value.cause.code == "no_serial_port"


async def test_a_character_frame_the_port_does_not_have_is_a_link_down(tmp_path: Path) -> None:
    """Pseudo-terminals have eight bits without parity."""
    async with plugged(tmp_path) as bus:
        line = SerialLine(bytesize=7, parity="E")
        async with opened(LinkAddress(Framing.ASCII, path=str(bus.ours), line=line)) as link:
            with pytest.raises(LinkDownError, match="the port does not have this speed or character frame") as failed:
                await link.read(1, registers(0, 1), PATIENT)
            assert failed.value.cause.code == "port_settings"


@FRAMINGS
async def test_the_time_on_the_wire_is_not_the_devices(framing: Framing, tmp_path: Path) -> None:
    """At 300 baud request and reply take seconds, which no time limit of a profile is meant for."""

    async def script(wire: Wire) -> None:
        unit, _ = await wire.request()
        await asyncio.sleep(0.2)
        await wire.reply(unit, *range(60))

    async with plugged(tmp_path) as bus, scripted(bus, framing, script), opened(at(bus, framing, 300)) as link:
        assert (await link.read(1, registers(0, 60), Pacing(timeout_s=0.05))).tolist() == list(range(60))


@pytest.mark.parametrize(
    ("pacing", "least_s"),
    [
        (Pacing(timeout_s=10, pause_after_send_s=UNTRIED), 3.5 * 10 / 300),
        (Pacing(timeout_s=10, pause_between_s=0.2), 0.2),
    ],
)
async def test_the_line_is_silent_between_frames(pacing: Pacing, least_s: float, tmp_path: Path) -> None:
    """3.5 characters at least; `pause_between_s` makes it longer, `pause_after_send_s` is for converters alone."""
    loop = asyncio.get_running_loop()
    silences_s = []

    async def script(wire: Wire) -> None:
        unit, _ = await wire.request()
        for n in range(3):
            replied_s = loop.time()
            await wire.reply(unit, n)
            unit, _ = await wire.request()
            silences_s.append(loop.time() - replied_s)
        await wire.reply(unit, 3)

    async with plugged(tmp_path) as bus, scripted(bus, Framing.RTU, script), opened(at(bus, baudrate=300)) as link:
        assert [(await link.read(1, registers(0, 1), pacing)).tolist() for _ in range(4)] == [[0], [1], [2], [3]]
    assert min(silences_s) > least_s - 0.01


async def test_a_line_that_babbles_is_asked_all_the_same(tmp_path: Path) -> None:
    async def script(wire: Wire) -> None:
        await wire.request()
        await wire.reply(1, 1)
        asking = asyncio.ensure_future(wire.request())
        while not asking.done():
            await wire.send(b"\x55")
            await asyncio.sleep(0.005)
        await wire.reply(1, 2)

    at_most = LinkOptions(listen_at_most_s=0.3)
    async with (
        plugged(tmp_path) as bus,
        scripted(bus, Framing.RTU, script),
        opened(at(bus, baudrate=300), at_most) as link,
    ):
        pacing = Pacing(timeout_s=0.3)
        assert (await link.read(1, registers(0, 1), pacing)).tolist() == [1]
        assert (await link.read(1, registers(0, 1), pacing)).tolist() == [2]


async def test_the_read_command_reads_a_device_on_a_serial_bus(tmp_path: Path) -> None:
    async with plugged(tmp_path) as bus:
        words = SimData(0, values=[0x41BC, 0x0000], datatype=DataType.REGISTERS)
        server = ModbusSerialServer(
            [SimDevice(1, simdata=[words])], framer=FramerType.RTU, port=str(bus.theirs), baudrate=115_200
        )
        await server.serve_forever(background=True)
        try:
            address = f"rtu://{bus.ours}/1?baudrate=115200"
            answer = await finished("read", address, "--profile", "ddms-sensor", folder=tmp_path)
        finally:
            server.close()
    assert (answer.code, answer.err) == (0, "")
    assert "23.50" in answer.out


async def _read_when_up(link: ModbusLink) -> list[int]:
    """Register 1 of unit 1, as soon as the link has made a connection again."""
    while True:
        try:
            return [int(word) for word in await link.read(1, registers(1, 1), PATIENT)]
        except LinkDownError:
            await asyncio.sleep(0.01)
