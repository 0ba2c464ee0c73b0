"""RTU frames: unit, function, data, checksum (Modbus over Serial Line V1.02, clause 2.5.1).

A frame has no mark of its start and no length, and what comes out of a serial converter has pieces of foreign frames
around it. So a frame is searched: unit, function, byte count and checksum must all fit.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from stripchart.wire.crc import crc16
from stripchart.wire.pdu import EXCEPTION_FLAG, WRITE_MULTIPLE_COILS, WRITE_MULTIPLE_REGISTERS

MAX_FRAME_BYTES = 256
MIN_FRAME_BYTES = 4

_EXCEPTION_FRAME_BYTES = 5
_REPLY_FRAME_BYTES = 5
_FIXED_REQUEST_BYTES = 8
_READS = range(1, 5)
_FIXED_REQUESTS = range(1, 7)
_COUNTED_REQUESTS = frozenset({WRITE_MULTIPLE_COILS, WRITE_MULTIPLE_REGISTERS})
_COUNTED_REQUEST_HEAD = 7


@dataclass(frozen=True, slots=True)
class Found:
    """A reply among other bytes: `discarded` bytes lie before it, `end` is the first byte behind it."""

    pdu: bytes
    discarded: int
    end: int


def build_frame(unit: int, pdu: bytes) -> bytes:
    body = bytes((unit,)) + pdu
    return body + crc16(body).to_bytes(2, "little")


def find_reply(buffer: bytes | bytearray, unit: int, head: bytes, size: int) -> Found | None:
    """The unit's first valid reply: a PDU of `size` bytes that begins with `head`, or an exception. None: not yet.

    `head` begins with the function; the more of the reply is known, the less can be mistaken for it.
    """
    found = None
    for start_bytes, frame_bytes in _wanted(unit, head, size):
        start = _find(buffer, start_bytes, frame_bytes)
        if start >= 0 and (found is None or start < found.discarded):
            end = start + frame_bytes
            found = Found(bytes(buffer[start + 1 : end - 2]), start, end)
            if start == 0:
                break
    return found


def has_damaged_reply(buffer: bytes | bytearray, unit: int, head: bytes, size: int) -> bool:
    """True when a whole frame that would answer the request is there, but for its checksum."""
    start_bytes, frame_bytes = _wanted(unit, head, size)[0]
    start = buffer.find(start_bytes)
    return start >= 0 and len(buffer) - start >= frame_bytes


def whole_frames(data: bytes | bytearray) -> list[bytes]:
    """Unit and PDU of each valid frame among the bytes, requests and replies; what lies between them is skipped."""
    return [frame for _, _, frame in frames_in(data)]


def frames_in(data: bytes | bytearray) -> Iterator[tuple[int, int, bytes]]:
    """Start, end, unit and PDU of each valid frame among the bytes."""
    start = 0
    while start <= len(data) - MIN_FRAME_BYTES:
        size = next((size for size in _possible_sizes(data, start) if _is_frame(data, start, size)), 0)
        if size:
            yield start, start + size, bytes(data[start : start + size - 2])
        start += size or 1


def take_request(buffer: bytes | bytearray) -> tuple[int, bytes, int] | None:
    """The server's side: the first valid request as unit, PDU and the bytes consumed with what lies before it.

    Knows the length of functions 1 to 6, 15 and 16; a request of another function is taken when the buffer holds just
    that. None: not yet; of what is in the buffer then, no more than the last MAX_FRAME_BYTES need to be kept.
    """
    for start in range(len(buffer) - MIN_FRAME_BYTES + 1):
        size = _request_size(buffer, start)
        if size and start + size <= len(buffer) and crc16(buffer[start : start + size]) == 0:
            return buffer[start], bytes(buffer[start + 1 : start + size - 2]), start + size
    return _other_request(buffer)


def _possible_sizes(data: bytes | bytearray, start: int) -> tuple[int, ...]:
    """How long a frame that begins there can be: a reply with its byte count, a request, a refusal."""
    function = data[start + 1]
    if function & EXCEPTION_FLAG:
        return (_EXCEPTION_FRAME_BYTES,)
    if function in _READS:
        return (data[start + 2] + _REPLY_FRAME_BYTES, _FIXED_REQUEST_BYTES)
    return (_FIXED_REQUEST_BYTES, _request_size(data, start))


def _is_frame(data: bytes | bytearray, start: int, size: int) -> bool:
    return MIN_FRAME_BYTES <= size <= len(data) - start and crc16(data[start : start + size]) == 0


def _wanted(unit: int, head: bytes, size: int) -> tuple[tuple[bytes, int], tuple[bytes, int]]:
    """First bytes and size of the two frames that answer a request: the reply, an exception."""
    return (
        (bytes((unit,)) + head, size + 3),
        (bytes((unit, head[0] | EXCEPTION_FLAG)), _EXCEPTION_FRAME_BYTES),
    )


def _find(buffer: bytes | bytearray, head: bytes, size: int) -> int:
    start = buffer.find(head)
    while 0 <= start <= len(buffer) - size:
        if crc16(buffer[start : start + size]) == 0:
            return start
        start = buffer.find(head, start + 1)
    return -1


def _request_size(buffer: bytes | bytearray, start: int) -> int:
    """The size a request that begins at `start` has, 0 when that cannot be known."""
    function = buffer[start + 1]
    if function in _FIXED_REQUESTS:
        return _FIXED_REQUEST_BYTES
    if function in _COUNTED_REQUESTS and start + _COUNTED_REQUEST_HEAD <= len(buffer):
        return _COUNTED_REQUEST_HEAD + buffer[start + _COUNTED_REQUEST_HEAD - 1] + 2
    return 0


def _other_request(buffer: bytes | bytearray) -> tuple[int, bytes, int] | None:
    fits = MIN_FRAME_BYTES <= len(buffer) <= MAX_FRAME_BYTES
    if not fits or buffer[1] in _FIXED_REQUESTS or buffer[1] in _COUNTED_REQUESTS or crc16(buffer) != 0:
        return None
    return buffer[0], bytes(buffer[1:-2]), len(buffer)
