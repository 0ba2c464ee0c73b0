"""Replies are found among whatever else is on a serial line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.drivers.modbus.framers import AsciiFramer, RawDecoder, RawReply, RtuFramer, framer_for
from stripchart.drivers.modbus.transport import Question
from stripchart.model.block import Block
from stripchart.model.device import Framing
from stripchart.model.point import Table
from stripchart.model.profile import Pacing
from stripchart.wire import pdu, rtu

QUESTION = Question.to_read(1, Block(Table.HOLDING, 10, 12), Pacing())
REPLY = pdu.words_reply(3, (11, 12))


def ascii_frame(unit: int, body: bytes) -> bytes:
    frame = bytes((unit,)) + body
    return b":%s\r\n" % (frame + bytes((-sum(frame) & 0xFF,))).hex().upper().encode()


FRAMES = {Framing.RTU: rtu.build_frame, Framing.ASCII: ascii_frame}
SERIAL = pytest.mark.parametrize("framing", FRAMES)


def asked(framing: Framing) -> RtuFramer | AsciiFramer:
    framer = framer_for(framing)
    assert isinstance(framer, RtuFramer | AsciiFramer)
    framer.expect(QUESTION)
    return framer


@SERIAL
@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"\x00\xff:\x01",
        b":01:zz\r\n",
        b"\x01\x03\xfa",
        rtu.build_frame(1, QUESTION.pdu),
        ascii_frame(1, QUESTION.pdu),
        rtu.build_frame(2, REPLY),
        ascii_frame(2, REPLY),
        rtu.build_frame(1, pdu.words_reply(3, (1, 2, 3))),
        ascii_frame(1, pdu.words_reply(3, (1, 2, 3))),
    ],
)
def test_a_reply_is_found_behind_noise_echoes_and_other_frames(framing: Framing, before: bytes) -> None:
    framer = asked(framing)
    data = before + FRAMES[framing](1, REPLY)
    used, found = framer.handleFrame(data, 1, 0)
    assert isinstance(found, RawReply)
    assert (used, found.pdu, framer.take_discarded()) == (len(data), REPLY, len(before))
    assert framer.take_discarded() == 0


@SERIAL
def test_an_exception_is_a_reply(framing: Framing) -> None:
    _, found = asked(framing).handleFrame(FRAMES[framing](1, b"\x83\x02"), 1, 0)
    assert isinstance(found, RawReply)
    assert found.pdu == b"\x83\x02"


@SERIAL
def test_a_reply_with_a_wrong_checksum_is_damaged_until_the_next_question(framing: Framing) -> None:
    framer = asked(framing)
    reply = FRAMES[framing](1, REPLY)
    wrong = reply.replace(b"0C", b"0D") if framing is Framing.ASCII else reply[:-1] + b"\x00"
    used, found = framer.handleFrame(wrong, 1, 0)
    assert found is None
    assert framer.is_damaged(wrong[used:])
    framer.expect(QUESTION)
    assert not framer.is_damaged(b"")


@SERIAL
def test_before_a_question_everything_is_noise(framing: Framing) -> None:
    framer = type(asked(framing))(RawDecoder(False))
    frame = FRAMES[framing](1, REPLY)
    assert framer.handleFrame(frame, 0, 0) == (len(frame), None)
    assert not framer.is_damaged(frame)


@SERIAL
@given(noise=st.binary(max_size=40), cut=st.integers(0, 30))
def test_pieces_and_noise_make_no_error_and_lose_no_reply(framing: Framing, noise: bytes, cut: int) -> None:
    framer = asked(framing)
    stream = noise + FRAMES[framing](1, REPLY)
    used, found = framer.handleFrame(stream[:cut], 1, 0)
    if found is None:
        _, found = framer.handleFrame(stream[used:], 1, 0)
    assert isinstance(found, RawReply)
    assert found.pdu == REPLY
