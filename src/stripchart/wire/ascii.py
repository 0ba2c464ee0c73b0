"""ASCII frames: a colon, two hexadecimal digits a byte, a checksum, the end of the line.

A colon starts a frame wherever it comes; what lies before it is the remains of something else (Modbus over Serial
Line V1.02, clause 2.5.2).
"""

from binascii import a2b_hex
from collections.abc import Iterator

from stripchart.wire.pdu import EXCEPTION_FLAG
from stripchart.wire.rtu import Found

MAX_FRAME_BYTES = 513

_END = b"\r\n"


def build_frame(unit: int, pdu: bytes) -> bytes:
    body = bytes((unit,)) + pdu
    return b":%s\r\n" % (body + bytes((-sum(body) & 0xFF,))).hex().upper().encode()


def find_reply(buffer: bytes | bytearray, unit: int, head: bytes, size: int) -> Found | None:
    """The unit's first valid reply: a PDU of `size` bytes that begins with `head`, or an exception. None: not yet.

    The exact size matters: other units answer on the line too, and it may echo what was sent.
    """
    for start, end, frame in _lines(buffer):
        if not frame or frame[0] != unit:
            continue
        is_refusal = len(frame) == 3 and frame[1] == head[0] | EXCEPTION_FLAG
        if is_refusal or (len(frame) == size + 1 and frame.startswith(head, 1)):
            return Found(frame[1:], start, end)
    return None


def has_damaged_reply(buffer: bytes | bytearray, _unit: int, _head: bytes, _size: int) -> bool:
    """Whether a whole frame came whose digits or checksum are wrong: nobody knows whose it was."""
    return any(not frame for _, _, frame in _lines(buffer))


def whole_frames(data: bytes | bytearray) -> list[bytes]:
    """Unit and PDU of each valid frame among the bytes."""
    return [frame for _, _, frame in frames_in(data)]


def frames_in(data: bytes | bytearray) -> Iterator[tuple[int, int, bytes]]:
    """Start, end, unit and PDU of each valid frame among the bytes."""
    return ((start, end, frame) for start, end, frame in _lines(data) if frame)


def _lines(buffer: bytes | bytearray) -> Iterator[tuple[int, int, bytes]]:
    """Start, end, unit and PDU of each whole frame; these are empty where its digits or checksum are wrong."""
    after = 0
    while (end := buffer.find(_END, after)) >= 0:
        start = buffer.rfind(b":", after, end)
        after = end + len(_END)
        if start >= 0:
            yield start, after, _checked(bytes(buffer[start + 1 : end]))


def _checked(digits: bytes) -> bytes:
    try:
        frame = a2b_hex(digits)
    except ValueError:
        return b""
    return frame[:-1] if len(frame) > 3 and sum(frame) & 0xFF == 0 else b""
