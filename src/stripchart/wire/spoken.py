"""Spoken: what whole frames among raw bytes say, in either direction."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from stripchart.wire import ascii as ascii_frames
from stripchart.wire import mbap, pdu, rtu
from stripchart.wire.errors import BadFrameError, IllegalRequestError
from stripchart.wire.pdu import EXCEPTION_FLAG


class Spoken(NamedTuple):
    """A frame to or from a unit, or (`unit_id` None) `size` bytes that are no frame.

    `first`, `last`: the addresses a request is about; None of a reply. `exception`: the number of a Modbus exception.
    `size`: data bytes of a reply.
    """

    unit_id: int | None
    function: int | None
    first: int | None
    last: int | None
    exception: int | None
    size: int


def spoken_in(framing: str, data: bytes, *, sent: bool) -> list[Spoken]:
    """`framing` as links are written: tcp, udp and tls, rtu and rtu_over_tcp, or ascii."""
    found = list(_FRAMES[framing](data))
    said = [_said(frame[0], frame[1:], sent=sent) for frame, _ in found]
    rest = len(data) - sum(size for _, size in found)
    return [*said, Spoken(None, None, None, None, None, rest)] if rest else said


def _mbap_frames(data: bytes) -> Iterator[tuple[bytes, int]]:
    try:
        while (taken := mbap.take_frame(data)) is not None:
            _, unit_id, body, end = taken
            yield bytes((unit_id,)) + body, end
            data = data[end:]
    except BadFrameError:
        return


def _rtu_frames(data: bytes) -> Iterator[tuple[bytes, int]]:
    return ((frame, end - start) for start, end, frame in rtu.frames_in(data))


def _ascii_frames(data: bytes) -> Iterator[tuple[bytes, int]]:
    return ((frame, end - start) for start, end, frame in ascii_frames.frames_in(data))


_FRAMES: dict[str, Callable[[bytes], Iterator[tuple[bytes, int]]]] = {
    "tcp": _mbap_frames,
    "udp": _mbap_frames,
    "tls": _mbap_frames,
    "rtu": _rtu_frames,
    "rtu_over_tcp": _rtu_frames,
    "ascii": _ascii_frames,
}


def _said(unit_id: int, body: bytes, *, sent: bool) -> Spoken:
    function = body[0]
    if function & EXCEPTION_FLAG:
        code = body[1] if len(body) > 1 else 0
        return Spoken(unit_id, function & ~EXCEPTION_FLAG, None, None, code, 0)
    reply = Spoken(unit_id, function, None, None, None, len(body) - 1)
    if not sent:
        return reply
    try:
        request = pdu.parse_request(body)
    except IllegalRequestError:
        return reply
    return reply._replace(first=request.start, last=request.start + request.count - 1)
