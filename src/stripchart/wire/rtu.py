"""RTU frames: unit, function, data, checksum (Modbus over Serial Line V1.02, clause 2.5.1).

A frame has no mark of its start and no length, and what comes out of a serial converter has pieces of foreign frames
around it. So a frame is searched: unit, function, byte count and checksum must all fit.
"""

from dataclasses import dataclass

from stripchart.wire.crc import crc16
from stripchart.wire.pdu import EXCEPTION_FLAG, WRITE_MULTIPLE_COILS, WRITE_MULTIPLE_REGISTERS

MAX_FRAME_BYTES = 256
MIN_FRAME_BYTES = 4

_EXCEPTION_FRAME_BYTES = 5
_FIXED_REQUEST_BYTES = 8
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


def find_reply(buffer: bytes | bytearray, unit: int, function: int, byte_count: int) -> Found | None:
    """The first valid reply of the unit to a read: the data with that byte count, or an exception. None: not yet."""
    found = None
    for head, size in _wanted(unit, function, byte_count):
        start = _find(buffer, head, size)
        if start >= 0 and (found is None or start < found.discarded):
            found = Found(bytes(buffer[start + 1 : start + size - 2]), start, start + size)
    return found


def has_damaged_reply(buffer: bytes | bytearray, unit: int, function: int, byte_count: int) -> bool:
    """True when a whole frame that would answer the request is there, but for its checksum."""
    head, size = _wanted(unit, function, byte_count)[0]
    start = buffer.find(head)
    return start >= 0 and len(buffer) - start >= size


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


def _wanted(unit: int, function: int, byte_count: int) -> tuple[tuple[bytes, int], tuple[bytes, int]]:
    """First bytes and size of the two frames that answer a read: data, exception."""
    return (
        (bytes((unit, function, byte_count)), byte_count + 5),
        (bytes((unit, function | EXCEPTION_FLAG)), _EXCEPTION_FRAME_BYTES),
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
