"""Serial converters: pieces, garbage, stale bytes, foreign frames, wrong checksums, silence, drops."""

import asyncio
from itertools import pairwise

import pytest

from stripchart.drivers.base import BadReplyError, LinkDownError, NoAnswerError, RefusedError
from stripchart.drivers.modbus.link import LinkState
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.device import Framing
from stripchart.model.facts import Facts
from stripchart.model.profile import Pacing
from stripchart.wire import pdu, rtu
from tests.integration.links.peers import (
    HASTY,
    PATIENT,
    Line,
    Script,
    echo_addresses,
    linked,
    registers,
    rtu_words,
    station,
)

FRAMING = Framing.RTU_OVER_TCP
SOON = Pacing(timeout_s=0.3, retries=100)
"""For bytes that come, and a reply that does not."""


def replying(*pieces: bytes) -> Script:
    """Each request is answered with all these pieces, each in a packet of its own."""

    async def script(line: Line) -> None:
        while True:
            await line.rtu_request()
            for piece in pieces:
                await line.send(piece)
                await asyncio.sleep(0.001)

    return script


async def test_a_reply_in_pieces_is_put_together() -> None:
    frame = rtu_words(7, 1, 2, 3)
    async with (
        station(replying(*(frame[n : n + 1] for n in range(len(frame))))) as far,
        linked(FRAMING, far.port) as link,
    ):
        assert (await link.read(7, registers(0, 3), PATIENT)).tolist() == [1, 2, 3]
        assert link.counters.discarded_bytes == 0


async def test_a_reply_is_found_among_garbage_and_foreign_frames() -> None:
    foreign = rtu_words(8, 9, 9) + rtu_words(7, 9) + rtu_words(7, 9, 9, function=4)
    before = b"\x00\xff\x07\x03" + foreign
    async with station(replying(before + rtu_words(7, 1, 2))) as far, linked(FRAMING, far.port) as link:
        assert (await link.read(7, registers(0, 2), PATIENT)).tolist() == [1, 2]
        assert link.counters.discarded_bytes == len(before)
        assert (link.counters.foreign, link.counters.late) == (3, 0)


async def test_stale_bytes_are_thrown_away_before_the_next_request() -> None:
    stale = rtu_words(7, 66, 66)
    flushed = asyncio.Event()

    async def script(line: Line) -> None:
        await line.rtu_request()
        await line.send(rtu_words(7, 1, 2) + stale)
        await line.rtu_request()
        flushed.set()
        await line.send(rtu_words(7, 3, 4))
        await line.closed()

    async with station(script) as far, linked(FRAMING, far.port) as link:
        assert (await link.read(7, registers(0, 2), PATIENT)).tolist() == [1, 2]
        assert (await link.read(7, registers(0, 2), PATIENT)).tolist() == [3, 4]
        assert flushed.is_set()
        assert link.counters.discarded_bytes == len(stale)


async def test_a_late_reply_is_not_taken_for_the_answer_to_the_next_request() -> None:
    asked_late, sent_late = asyncio.Event(), asyncio.Event()

    async def script(line: Line) -> None:
        await line.rtu_request()
        await asked_late.wait()
        await line.send(rtu_words(7, 66, 66))
        sent_late.set()
        await line.rtu_request()
        await line.send(rtu_words(7, 3, 4))
        await line.closed()

    async with station(script) as far, linked(FRAMING, far.port) as link:
        with pytest.raises(NoAnswerError):
            await link.read(7, registers(0, 2), HASTY)
        asked_late.set()
        await sent_late.wait()
        assert (await link.read(7, registers(0, 2), PATIENT)).tolist() == [3, 4]
        assert (link.counters.connects, link.counters.late, link.counters.foreign) == (1, 1, 0)
        assert link.counters.discarded_bytes == 9


async def test_an_exception_frame_is_a_refusal() -> None:
    refusal = rtu.build_frame(7, pdu.exception_reply(3, 2))
    async with station(replying(b"\x00", refusal[:2], refusal[2:])) as far, linked(FRAMING, far.port) as link:
        with pytest.raises(RefusedError, match="exception 2") as caught:
            await link.read(7, registers(40_000, 2), PATIENT)
        assert (caught.value.unit_id, caught.value.code, caught.value.block) == (7, 2, registers(40_000, 2))
        assert link.state is LinkState.CONNECTED


async def test_a_wrong_checksum_and_nothing_else_is_a_bad_reply_and_keeps_the_session() -> None:
    damaged = rtu_words(7, 1, 2)[:-1] + b"\x00"
    async with station(replying(damaged)) as far, linked(FRAMING, far.port) as link:
        with pytest.raises(BadReplyError, match=r"unit 7, holding 0\.\.1: a reply with a wrong checksum") as failed:
            await link.read(7, registers(0, 2), SOON)
        assert failed.value.cause.code == "checksum"
        assert link.state is LinkState.CONNECTED
        assert (link.counters.bad_replies, link.counters.timeouts) == (1, 0)


async def test_a_right_reply_behind_a_damaged_one_is_taken() -> None:
    damaged = rtu_words(7, 6, 6)[:-1] + b"\x00"
    async with station(replying(damaged, rtu_words(7, 1, 2))) as far, linked(FRAMING, far.port) as link:
        assert (await link.read(7, registers(0, 2), PATIENT)).tolist() == [1, 2]


async def test_silence_is_no_answer_and_keeps_the_session() -> None:
    async def script(line: Line) -> None:
        await line.rtu_request()
        await echo_addresses(line)

    async with station(script) as far, linked(FRAMING, far.port) as link:
        with pytest.raises(NoAnswerError, match=r"unit 7, holding 5..6: no reply within 0.15 s$") as failed:
            await link.read(7, registers(5, 2), HASTY)
        limit_s = failed.value.cause.facts["limit_s"]
        asked: Facts = {"unit": 7, "table": "holding", "first": 5, "last": 6}
        assert failed.value.cause == Cause(CauseCode.NO_REPLY, {**asked, "limit_s": limit_s})
        assert limit_s == pytest.approx(0.15)
        assert (await link.read(7, registers(5, 2), PATIENT)).tolist() == [7005, 7006]
        assert (link.counters.timeouts, link.counters.connects) == (1, 1)


async def test_foreign_chatter_without_a_reply_is_no_answer() -> None:
    async with station(replying(rtu_words(8, 1, 2) * 3)) as far, linked(FRAMING, far.port) as link:
        with pytest.raises(NoAnswerError, match="only 27 bytes that are no frame") as failed:
            await link.read(7, registers(0, 2), SOON)
        assert failed.value.cause.code == "no_reply"


async def test_a_flood_of_garbage_does_not_grow_the_buffer_and_hides_no_reply() -> None:
    async with (
        station(replying(*[b"\x55" * 3000] * 4, rtu_words(7, 1, 2))) as far,
        linked(FRAMING, far.port) as link,
    ):
        assert (await link.read(7, registers(0, 2), PATIENT)).tolist() == [1, 2]
        assert link.counters.discarded_bytes == 12_000


async def test_half_a_reply_and_a_closed_connection_is_link_down() -> None:
    async def script(line: Line) -> None:
        await line.rtu_request()
        await line.send(rtu_words(7, 1, 2)[:5])

    async with station(script) as far, linked(FRAMING, far.port) as link:
        with pytest.raises(LinkDownError, match=rf"127.0.0.1:{far.port}, unit 7.*the other side closed") as failed:
            await link.read(7, registers(0, 2), PATIENT)
        assert failed.value.cause.code == "connection_closed"


async def test_a_reply_right_before_the_connection_closes_counts() -> None:
    async def script(line: Line) -> None:
        await line.rtu_request()
        await line.send(rtu_words(7, 1, 2))

    async with station(script) as far, linked(FRAMING, far.port) as link:
        assert (await link.read(7, registers(0, 2), PATIENT)).tolist() == [1, 2]


async def test_a_mute_unit_does_not_spoil_the_answers_of_another() -> None:
    async def script(line: Line) -> None:
        while True:
            unit, request = await line.rtu_request()
            if unit != 5:
                await line.send(rtu_words(unit, *([unit] * request.count)))

    async with station(script) as far, linked(FRAMING, far.port) as link:
        for _ in range(3):
            assert (await link.read(6, registers(0, 2), PATIENT)).tolist() == [6, 6]
            with pytest.raises(NoAnswerError):
                await link.read(5, registers(0, 2), Pacing(timeout_s=0.03, retries=100))
        assert (link.counters.timeouts, link.counters.replies, link.counters.connects) == (3, 3, 1)


async def test_the_pause_between_requests_is_kept() -> None:
    arrivals: list[float] = []

    async def script(line: Line) -> None:
        while True:
            await line.rtu_request()
            arrivals.append(asyncio.get_running_loop().time())
            await line.send(rtu_words(7, 1))

    pacing = Pacing(timeout_s=10.0, pause_between_s=0.05)
    async with station(script) as far, linked(FRAMING, far.port) as link:
        await asyncio.gather(*(link.read(7, registers(0, 1), pacing) for _ in range(3)))
    assert all(later - earlier > 0.04 for earlier, later in pairwise(arrivals))


async def test_the_reply_is_not_looked_for_before_the_pause_after_sending() -> None:
    pacing = Pacing(timeout_s=10.0, pause_after_send_s=0.05)
    async with station(echo_addresses) as far, linked(FRAMING, far.port) as link:
        started = asyncio.get_running_loop().time()
        await link.read(7, registers(0, 1), pacing)
        assert asyncio.get_running_loop().time() - started > 0.04
