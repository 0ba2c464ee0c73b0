"""Replies are found among whatever else is on a serial line, in RTU and in ASCII."""

from collections.abc import Callable
from typing import Protocol

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.wire import ascii as ascii_frames
from stripchart.wire import pdu, rtu
from stripchart.wire.rtu import Found

REQUEST = pdu.read_request(3, 10, 2)
REPLY = pdu.words_reply(3, (11, 12))
HEAD, SIZE = REPLY[:2], len(REPLY)


class Coding(Protocol):
    build_frame: Callable[[int, bytes], bytes]
    find_reply: Callable[[bytes, int, bytes, int], Found | None]
    has_damaged_reply: Callable[[bytes, int, bytes, int], bool]
    whole_frames: Callable[[bytes], list[bytes]]


CODINGS = pytest.mark.parametrize("coding", [rtu, ascii_frames], ids=["rtu", "ascii"])


def test_an_ascii_frame_is_that_of_the_specification() -> None:
    """Unit 247, function 3, as in the example of the LRC in Modbus over Serial Line, clause 6.2.1."""
    assert ascii_frames.build_frame(247, bytes.fromhex("031389000a")) == b":F7031389000A60\r\n"


@CODINGS
@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"\x00\xff:\x01",
        b":01:zz\r\n",
        b"\x01\x03\xfa",
        rtu.build_frame(1, REQUEST),
        ascii_frames.build_frame(1, REQUEST),
        rtu.build_frame(2, REPLY),
        ascii_frames.build_frame(2, REPLY),
        rtu.build_frame(1, pdu.words_reply(3, (1, 2, 3))),
        ascii_frames.build_frame(1, pdu.words_reply(3, (1, 2, 3))),
    ],
)
def test_a_reply_is_found_behind_noise_echoes_and_other_frames(coding: Coding, before: bytes) -> None:
    data = before + coding.build_frame(1, REPLY)
    assert coding.find_reply(data, 1, HEAD, SIZE) == Found(REPLY, len(before), len(data))


@CODINGS
def test_an_exception_is_a_reply(coding: Coding) -> None:
    found = coding.find_reply(coding.build_frame(1, b"\x83\x02"), 1, HEAD, SIZE)
    assert found is not None
    assert found.pdu == b"\x83\x02"


@CODINGS
def test_the_confirmation_of_a_write_is_found_and_another_is_not(coding: Coding) -> None:
    request = pdu.single_write_request(6, 4368, 500)
    other = pdu.single_write_request(6, 4370, 500)
    data = coding.build_frame(1, other) + coding.build_frame(1, request)
    found = coding.find_reply(data, 1, request, 5)
    assert found is not None
    assert found.pdu == request


@CODINGS
def test_a_reply_with_a_wrong_checksum_is_damaged(coding: Coding) -> None:
    reply = coding.build_frame(1, REPLY)
    wrong = reply.replace(b"0C", b"0D") if reply.startswith(b":") else reply[:-1] + b"\x00"
    assert coding.find_reply(wrong, 1, HEAD, SIZE) is None
    assert coding.has_damaged_reply(wrong, 1, HEAD, SIZE)
    assert not coding.has_damaged_reply(b"", 1, HEAD, SIZE)


@CODINGS
@given(units=st.lists(st.integers(1, 247), max_size=4), noise=st.binary(max_size=6))
def test_all_whole_frames_are_seen_requests_replies_refusals_and_writes(
    coding: Coding, units: list[int], noise: bytes
) -> None:
    bodies = (REQUEST, REPLY, b"\x83\x02", pdu.multiple_write_request(16, 7, [1, 2]))
    data = noise + b"".join(coding.build_frame(unit, body) for unit in units for body in bodies)
    seen = coding.whole_frames(data)
    expected = [bytes((unit,)) + body for unit in units for body in bodies]
    # Noise may begin what looks like a longer frame, but never hides more than what it runs into.
    assert seen == expected or (noise and len(seen) >= len(expected) - 1)


@CODINGS
@given(noise=st.binary(max_size=40), cut=st.integers(0, 30))
def test_pieces_and_noise_make_no_error_and_lose_no_reply(coding: Coding, noise: bytes, cut: int) -> None:
    stream = noise + coding.build_frame(1, REPLY)
    coding.has_damaged_reply(stream[:cut], 1, HEAD, SIZE)
    coding.whole_frames(stream[:cut])
    found = coding.find_reply(stream[:cut], 1, HEAD, SIZE) or coding.find_reply(stream, 1, HEAD, SIZE)
    assert found is not None
    assert found.pdu == REPLY
