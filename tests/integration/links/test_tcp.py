"""Modbus TCP against scripted servers: silence, late and foreign replies, garbage, drops."""

import asyncio

import pytest

from stripchart.drivers.base import BadReplyError, LinkDownError, NoAnswerError
from stripchart.drivers.modbus.link import LinkState
from stripchart.model.device import Framing
from stripchart.wire import mbap, pdu
from tests.integration.links.peers import (
    HASTY,
    PATIENT,
    Line,
    answer_addresses,
    linked,
    registers,
    station,
    tcp_words,
    until,
)

FRAMING = Framing.TCP


async def test_a_mute_server_is_no_answer_each_time_and_the_session_stays() -> None:
    async with station(Line.closed) as far, linked(FRAMING, far.port) as link:
        for _ in range(5):
            with pytest.raises(
                NoAnswerError, match=rf"127.0.0.1:{far.port}, unit 1, holding 0..1: no reply within 0.15 s"
            ):
                await link.read(1, registers(0, 2), HASTY)
        assert link.state is LinkState.CONNECTED
        assert (link.counters.timeouts, link.counters.connects, far.lines) == (5, 1, 1)


async def test_a_late_reply_is_not_taken_for_the_answer_to_the_next_request() -> None:
    async def script(line: Line) -> None:
        late, unit, _ = await line.tcp_request()
        transaction, unit, _ = await line.tcp_request()
        await line.send(tcp_words(late, unit, 66, 66) + tcp_words(transaction, unit, 1, 2))
        await line.closed()

    async with station(script) as far, linked(FRAMING, far.port) as link:
        with pytest.raises(NoAnswerError):
            await link.read(1, registers(0, 2), HASTY)
        assert (await link.read(1, registers(0, 2), PATIENT)).tolist() == [1, 2]
        assert (link.counters.late, link.counters.foreign, link.counters.discarded_bytes) == (1, 0, 13)


async def test_the_reply_of_another_unit_is_passed_over() -> None:
    async def script(line: Line) -> None:
        transaction, unit, _ = await line.tcp_request()
        await line.send(tcp_words(transaction, unit + 1, 66, 66) + tcp_words(transaction, unit, 1, 2))
        await line.closed()

    async with station(script) as far, linked(FRAMING, far.port) as link:
        assert (await link.read(1, registers(0, 2), PATIENT)).tolist() == [1, 2]
        assert (link.counters.late, link.counters.foreign, link.counters.discarded_bytes) == (0, 1, 13)


async def test_a_reply_in_pieces_is_put_together() -> None:
    async def script(line: Line) -> None:
        transaction, unit, _ = await line.tcp_request()
        for byte in tcp_words(transaction, unit, 1, 2):
            await line.send(bytes((byte,)))
            await asyncio.sleep(0.001)
        await line.closed()

    async with station(script) as far, linked(FRAMING, far.port) as link:
        assert (await link.read(1, registers(0, 2), PATIENT)).tolist() == [1, 2]


@pytest.mark.parametrize(
    "reply",
    [
        pdu.words_reply(3, [1]),
        pdu.words_reply(3, [1, 2, 3]),
        pdu.words_reply(4, [1, 2]),
        b"\x03\x04\x00\x01",
        b"\x03\xff\x00\x01\x00\x02",
        b"\x55\x00",
        b"\x84\x02",
    ],
)
async def test_a_reply_that_is_no_answer_is_bad_and_keeps_the_session_of_the_other_units(reply: bytes) -> None:
    async def script(line: Line) -> None:
        transaction, unit, _ = await line.tcp_request()
        await line.send(mbap.build_frame(transaction, unit, reply))
        await line.closed()

    async with station(script) as far, linked(FRAMING, far.port) as link:
        with pytest.raises(
            BadReplyError, match=r"unit 1, holding 0\.\.1: function 3, 4 data bytes expected, got"
        ) as failed:
            await link.read(1, registers(0, 2), PATIENT)
        assert failed.value.cause.code == "unexpected_reply"
        assert link.state is LinkState.CONNECTED
        assert link.counters.bad_replies == 1


async def test_bytes_that_are_no_modbus_tcp_are_bad_and_the_next_request_has_a_new_session() -> None:
    lines: list[Line] = []

    async def script(line: Line) -> None:
        lines.append(line)
        if len(lines) > 1:
            await answer_addresses(line)
        await line.tcp_request()
        await line.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await line.closed()

    async with station(script) as far, linked(FRAMING, far.port) as link:
        with pytest.raises(BadReplyError, match=r"no Modbus frame, but 28 bytes: 48 54 54 50") as failed:
            await link.read(1, registers(0, 2), PATIENT)
        assert failed.value.cause.code == "no_frame"
        assert (await link.read(1, registers(4, 2), PATIENT)).tolist() == [4, 5]
        assert (link.counters.connects, link.counters.discarded_bytes) == (2, 28)


@pytest.mark.parametrize("ending", [Line.close, Line.reset])
async def test_a_connection_lost_in_the_middle_is_link_down_at_once(ending: object) -> None:
    async def script(line: Line) -> None:
        transaction, unit, _ = await line.tcp_request()
        await line.send(tcp_words(transaction, unit, 1, 2)[:7])
        assert callable(ending)
        ending(line)

    async with station(script) as far, linked(FRAMING, far.port) as link, asyncio.timeout(PATIENT.timeout_s / 2):
        with pytest.raises(LinkDownError, match=rf"127.0.0.1:{far.port}, unit 1.*the connection was lost"):
            await link.read(1, registers(0, 2), PATIENT)


async def test_a_connection_closed_while_idle_is_made_anew_without_a_failed_read() -> None:
    async def script(line: Line) -> None:
        transaction, unit, _ = await line.tcp_request()
        await line.send(tcp_words(transaction, unit, 1, 2))

    async with station(script) as far, linked(FRAMING, far.port) as link:
        for _ in range(3):
            assert (await link.read(1, registers(0, 2), PATIENT)).tolist() == [1, 2]
            await until(lambda: link.state is LinkState.IDLE)
        assert (link.counters.connects, link.counters.replies) == (3, 3)
