"""Requests and replies by function code, without framing (Modbus Application Protocol V1.1b3, clause 6).

Addresses are 0-based and unsigned: 0 to 65535.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from stripchart.wire.errors import BadFrameError, IllegalRequestError

READ_COILS = 1
READ_DISCRETE_INPUTS = 2
READ_HOLDING_REGISTERS = 3
READ_INPUT_REGISTERS = 4
WRITE_SINGLE_COIL = 5
WRITE_SINGLE_REGISTER = 6
WRITE_MULTIPLE_COILS = 15
WRITE_MULTIPLE_REGISTERS = 16

EXCEPTION_FLAG = 0x80
ILLEGAL_FUNCTION = 1
ILLEGAL_DATA_ADDRESS = 2
ILLEGAL_DATA_VALUE = 3

ADDRESSES = 65_536
COIL_ON = 0xFF00
MAX_READ_BITS = 2000
MAX_READ_WORDS = 125
MAX_WRITE_BITS = 1968
MAX_WRITE_WORDS = 123

_READ_LIMITS = {
    READ_COILS: MAX_READ_BITS,
    READ_DISCRETE_INPUTS: MAX_READ_BITS,
    READ_HOLDING_REGISTERS: MAX_READ_WORDS,
    READ_INPUT_REGISTERS: MAX_READ_WORDS,
}
_WRITE_LIMITS = {WRITE_MULTIPLE_COILS: MAX_WRITE_BITS, WRITE_MULTIPLE_REGISTERS: MAX_WRITE_WORDS}
_SINGLE_WRITES = frozenset({WRITE_SINGLE_COIL, WRITE_SINGLE_REGISTER})
_BIT_FUNCTIONS = frozenset({READ_COILS, READ_DISCRETE_INPUTS, WRITE_SINGLE_COIL, WRITE_MULTIPLE_COILS})
_FIVE_BYTES = struct.Struct(">BHH")


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks: `count` addresses from `start`, and the values of a write (bits as 0 and 1)."""

    function: int
    start: int
    count: int
    values: tuple[int, ...] = ()


def read_request(function: int, start: int, count: int) -> bytes:
    """Functions 1 to 4. Raises ValueError for a count the protocol does not allow."""
    if not 1 <= count <= _READ_LIMITS[function]:
        raise ValueError(f"function {function}, count {count}: allowed are 1 to {_READ_LIMITS[function]}")
    if not 0 <= start <= ADDRESSES - count:
        raise ValueError(f"start {start}, count {count}: allowed are addresses 0 to {ADDRESSES - 1}")
    return _FIVE_BYTES.pack(function, start, count)


def single_write_request(function: int, address: int, value: int) -> bytes:
    """Functions 5 (any value but 0 switches on) and 6."""
    return _FIVE_BYTES.pack(function, address, _single_value(function, value))


def multiple_write_request(function: int, start: int, values: Sequence[int]) -> bytes:
    """Functions 15 (values 0 and 1) and 16. Raises ValueError for a number of values the protocol does not allow."""
    if not 1 <= len(values) <= _WRITE_LIMITS[function]:
        raise ValueError(f"function {function}, {len(values)} values: allowed are 1 to {_WRITE_LIMITS[function]}")
    data = pack_bits(values) if function in _BIT_FUNCTIONS else _pack_words(values)
    return _FIVE_BYTES.pack(function, start, len(values)) + bytes((len(data),)) + data


def parse_request(pdu: bytes) -> Request:
    """What a server is asked. Raises IllegalRequestError with the exception code to answer (clause 7)."""
    function = pdu[0] if pdu else 0
    if function in _READ_LIMITS:
        return _parse_read(pdu)
    if function in _SINGLE_WRITES:
        return _parse_single_write(pdu)
    if function in _WRITE_LIMITS:
        return _parse_multiple_write(pdu)
    raise IllegalRequestError(ILLEGAL_FUNCTION, f"function {function} is not served")


def words_reply(function: int, words: Sequence[int]) -> bytes:
    """The answer to functions 3 and 4."""
    return bytes((function, 2 * len(words))) + _pack_words(words)


def bits_reply(function: int, bits: Sequence[int]) -> bytes:
    """The answer to functions 1 and 2; the bits that fill the last byte are 0."""
    data = pack_bits(bits)
    return bytes((function, len(data))) + data


def write_reply(request: Request) -> bytes:
    """The answer to functions 5, 6 (the request itself), 15 and 16 (start and count)."""
    if request.function in _SINGLE_WRITES:
        return single_write_request(request.function, request.start, request.values[0])
    return _FIVE_BYTES.pack(request.function, request.start, request.count)


def exception_reply(function: int, code: int) -> bytes:
    """The two bytes of a refusal."""
    return bytes((function | EXCEPTION_FLAG, code))


def reply_bytes(function: int, count: int) -> int:
    """The byte count that a reply to `count` registers, coils or discrete inputs has."""
    return (count + 7) // 8 if function in _BIT_FUNCTIONS else 2 * count


def exception_code(pdu: bytes, function: int) -> int | None:
    """The exception code when the reply refuses the function, None when it does not."""
    if len(pdu) == 2 and pdu[0] == function | EXCEPTION_FLAG:
        return pdu[1]
    return None


def reply_data(pdu: bytes, function: int, count: int) -> bytes:
    """The data bytes of the answer to a read of `count` addresses.

    Raises BadFrameError when it answers something else; ask `exception_code` before.
    """
    size = reply_bytes(function, count)
    if len(pdu) == size + 2 and pdu[0] == function and pdu[1] == size:
        return pdu[2:]
    raise BadFrameError(f"function {function}, {size} data bytes expected, got {pdu[:8].hex(' ')} ({len(pdu)} bytes)")


def pack_bits(bits: Sequence[int]) -> bytes:
    """Eight bits a byte, the first one in the lowest bit."""
    number = sum(1 << place for place, bit in enumerate(bits) if bit)
    return number.to_bytes((len(bits) + 7) // 8, "little")


def unpack_bits(data: bytes, count: int) -> tuple[int, ...]:
    """The first `count` bits of the bytes, each 0 or 1."""
    number = int.from_bytes(data, "little")
    return tuple(number >> place & 1 for place in range(count))


def _parse_read(pdu: bytes) -> Request:
    function, start, count = _five_bytes(pdu)
    _check_span(start, count, _READ_LIMITS[function])
    return Request(function, start, count)


def _parse_single_write(pdu: bytes) -> Request:
    function, start, value = _five_bytes(pdu)
    if function == WRITE_SINGLE_COIL:
        if value not in {0, COIL_ON}:
            raise IllegalRequestError(ILLEGAL_DATA_VALUE, f"coil value {value:#06x}: allowed are 0x0000 and 0xff00")
        value = int(value == COIL_ON)
    return Request(function, start, 1, (value,))


def _parse_multiple_write(pdu: bytes) -> Request:
    function, start, count = _five_bytes(pdu[:5])
    _check_span(start, count, _WRITE_LIMITS[function])
    data = pdu[6:]
    size = reply_bytes(function, count)
    if len(pdu) < 6 or pdu[5] != size or len(data) != size:
        raise IllegalRequestError(ILLEGAL_DATA_VALUE, f"{count} values take {size} bytes, {len(data)} came")
    values = unpack_bits(data, count) if function in _BIT_FUNCTIONS else struct.unpack(f">{count}H", data)
    return Request(function, start, count, values)


def _five_bytes(pdu: bytes) -> tuple[int, int, int]:
    if len(pdu) != 5:
        raise IllegalRequestError(ILLEGAL_DATA_VALUE, f"function {pdu[0]}: 5 bytes expected, {len(pdu)} came")
    function, first, second = _FIVE_BYTES.unpack(pdu)
    return function, first, second


def _check_span(start: int, count: int, limit: int) -> None:
    if not 1 <= count <= limit:
        raise IllegalRequestError(ILLEGAL_DATA_VALUE, f"count {count}: allowed are 1 to {limit}")
    if start + count > ADDRESSES:
        raise IllegalRequestError(ILLEGAL_DATA_ADDRESS, f"start {start}, count {count}: the last address is 65535")


def _single_value(function: int, value: int) -> int:
    if function == WRITE_SINGLE_COIL:
        return COIL_ON if value else 0
    return value


def _pack_words(words: Sequence[int]) -> bytes:
    return struct.pack(f">{len(words)}H", *words)
