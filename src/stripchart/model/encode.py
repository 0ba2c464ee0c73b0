"""Encoding: an engineering value of a point to the words a device holds. The inverse of decoding. Pure.

`encode` shows whatever a device might hold, clamped to what its type can; `encode_exactly` is for writing to devices,
and refuses what the point cannot hold as it is.
"""

import math
import struct
import sys

from stripchart.model.complaint import Complaint, ComplaintCode
from stripchart.model.point import DataType, Order, Point

Value = float | str | None
"""A number, a text (string points only), or None: the device has no data."""

_INTEGERS = {
    DataType.BOOL: "H",
    DataType.UINT16: "H",
    DataType.ENUM16: "H",
    DataType.BITFIELD16: "H",
    DataType.INT16: "h",
    DataType.UINT32: "I",
    DataType.ENUM32: "I",
    DataType.BITFIELD32: "I",
    DataType.INT32: "i",
    DataType.UINT64: "Q",
    DataType.INT64: "q",
}
_FLOATS = {DataType.FLOAT16: "e", DataType.FLOAT32: "f", DataType.FLOAT64: "d"}
_BCD_DIGITS = {DataType.BCD16: 4, DataType.BCD32: 8}
_WHOLE_WITHIN = 1e-6
"""Decimal numbers are not exact in binary: a raw value this near to a whole one is meant to be it."""

_LARGEST = {"e": 65_504.0, "f": 3.4028234663852886e38, "d": math.inf}


class EncodeError(ValueError):
    """A value that the point cannot hold; the message names the point and what it can hold.

    `complaint` says so by code, where there is a code for it.
    """

    def __init__(self, message: str, complaint: Complaint | None = None) -> None:
        super().__init__(message)
        self.complaint = complaint


def encode(point: Point, value: Value, *, other: float | None = None) -> tuple[int, ...]:
    """The words of the point, `point.registers` of them (one entry of 0 or 1 in a bit table).

    `value` is in the point's unit; outside the type's range it is clamped. `other` is what the point named by
    `scale_factor` or `scale_when` holds now. For a part of a register the other bits are 0: see `own_bits`.
    Raises EncodeError for a text in a number, a number in a text, or no data where the point cannot say so.
    """
    if point.type is DataType.STRING:
        return _ordered(point, _text_bytes(point, value))
    if isinstance(value, str):
        raise EncodeError(f"point {point.key!r} is a {point.type}: a number is allowed, not the text {value!r}")
    raw = _no_data_raw(point) if value is None else _raw(point, value, other)
    if point.table.is_bits:
        return (int(raw != 0),)
    if point.type in _FLOATS:
        return _ordered(point, struct.pack(">" + _FLOATS[point.type], _clamped_float(point, raw)))
    return _ordered(point, _integer_bytes(point, raw))


def encode_exactly(point: Point, value: float | str, *, other: float | None = None) -> tuple[int, ...]:
    """The words that say this value and no other; a float type takes the number nearest to it.

    Raises EncodeError for a value that is out of the type's range, lies between two steps of the point, or would be
    read as no data; the message says what the point can hold.
    """
    if isinstance(value, str):
        _check_text(point, value)
    else:
        _check_number(point, value, other)
    return encode(point, value, other=other)


def own_bits(point: Point) -> tuple[int, ...]:
    """A mask for each word: the bits that are the point's own; a write leaves the others alone."""
    if point.bit is None or point.table.is_bits:
        return (0xFFFF,) * point.registers
    mask = ((1 << point.bit_count) - 1) << point.bit
    return _ordered(point, mask.to_bytes(point.registers * 2, "big"))


def holds(point: Point, other: float | None = None) -> str:
    """What the point can hold, for messages: '0 to 6553.5 in steps of 0.1'."""
    if point.type is DataType.STRING:
        return f"texts of up to {point.registers * 2} bytes"
    if point.type in _FLOATS and not point.table.is_bits:
        largest = _LARGEST[_FLOATS[point.type]]
        return "any number" if math.isinf(largest) else f"numbers from {-largest:g} to {largest:g}"
    low, high, step = _ends(point, other)
    return f"{low:.10g} to {high:.10g}" + (f" in steps of {abs(step):.10g}" if abs(step) != 1 else "")


def _ends(point: Point, other: float | None) -> tuple[float, float, float]:
    """Lowest and highest value of a point that holds whole numbers, and the step between two."""
    step, offset = _step(point, other), point.offset
    low, high = sorted(raw * step + offset for raw in _raw_limits(point))
    return low, high, step


def _steps(point: Point, other: float | None) -> Complaint | None:
    if point.type in _FLOATS and not point.table.is_bits:
        return None
    low, high, step = _ends(point, other)
    return Complaint(ComplaintCode.STEPS, {"low": low, "high": high, "step": abs(step)})


def _check_text(point: Point, text: str) -> None:
    if point.type is not DataType.STRING:
        raise EncodeError(f"point {point.key!r} is a {point.type}: a number is allowed, not the text {text!r}")
    if len(text.encode()) > point.registers * 2 or "\0" in text:
        raise EncodeError(f"{text!r}: point {point.key!r} holds {holds(point)}")


def _check_number(point: Point, value: float, other: float | None) -> None:
    if point.type is DataType.STRING:
        raise EncodeError(f"point {point.key!r} is a string: a text is allowed, not the number {value:g}")
    raw = _raw(point, value, other) if math.isfinite(value) else math.nan
    if point.type in _FLOATS and not point.table.is_bits:
        fits = abs(raw) <= _LARGEST[_FLOATS[point.type]]
    else:
        low, high = _raw_limits(point)
        whole = round(raw) if math.isfinite(raw) else high + 1
        fits = low <= whole <= high and abs(raw - whole) <= _WHOLE_WITHIN + 4 * sys.float_info.epsilon * abs(raw)
        raw = whole
    if not fits:
        message = f"{value:.10g}: point {point.key!r} holds {holds(point, other)}"
        raise EncodeError(message, _steps(point, other))
    if any(span.first <= raw <= span.last for span in point.no_data):
        raise EncodeError(f"{value:.10g}: to point {point.key!r} this means that there is no data")


def _step(point: Point, other: float | None) -> float:
    """What one raw unit is worth now."""
    if point.scale_factor is not None and other is not None:
        return point.scale * math.pow(10, other)
    if point.scale_when is not None and other == point.scale_when.equals:
        return point.scale_when.scale
    return point.scale


def _raw_limits(point: Point) -> tuple[int, int]:
    """Lowest and highest raw value of a point that holds whole numbers."""
    if point.table.is_bits or (point.type is DataType.BOOL and point.bit is None):
        return 0, 1
    if point.bit is not None:
        return 0, (1 << point.bit_count) - 1
    if point.type in _BCD_DIGITS:
        return 0, 10 ** _BCD_DIGITS[point.type] - 1
    return _limits(_INTEGERS[point.type])


def _raw(point: Point, value: float, other: float | None) -> float:
    if point.scale_factor is not None and other is not None:
        return (value - point.offset) / point.scale * math.pow(10, -other)
    return (value - point.offset) / _step(point, other)


def _no_data_raw(point: Point) -> float:
    if point.no_data:
        return point.no_data[0].first
    if point.type in _FLOATS:
        return math.nan
    raise EncodeError(f"point {point.key!r} has no no-data value: a number is allowed")


def _clamped_float(point: Point, raw: float) -> float:
    largest = _LARGEST[_FLOATS[point.type]]
    return raw if math.isnan(raw) else max(-largest, min(largest, raw))


def _integer_bytes(point: Point, raw: float) -> bytes:
    whole = _whole(raw, *_raw_limits(point))
    if point.bit is not None:
        return (whole << point.bit).to_bytes(point.registers * 2, "big")
    if point.type in _BCD_DIGITS:
        return bytes.fromhex(f"{whole:0{_BCD_DIGITS[point.type]}d}")
    return struct.pack(">" + _INTEGERS[point.type], whole)


def _limits(letter: str) -> tuple[int, int]:
    bits = struct.calcsize(">" + letter) * 8
    return (-(1 << bits - 1), (1 << bits - 1) - 1) if letter.islower() else (0, (1 << bits) - 1)


def _whole(raw: float, low: int, high: int) -> int:
    if math.isnan(raw):
        return 0
    return low if raw <= low else high if raw >= high else round(raw)


def _text_bytes(point: Point, value: Value) -> bytes:
    if isinstance(value, float | int):
        raise EncodeError(f"point {point.key!r} is a string: a text is allowed, not the number {value}")
    size = point.registers * 2
    whole_characters = (value or "").encode()[:size].decode(errors="ignore").encode()
    return whole_characters.ljust(size, b"\0")


def _ordered(point: Point, packed: bytes) -> tuple[int, ...]:
    """Big-endian bytes as words in the point's own order. A text is never turned round by words."""
    little_bytes = point.byte_order is Order.LITTLE
    words = struct.unpack(f"{'<' if little_bytes else '>'}{len(packed) // 2}H", packed)
    turned = point.word_order is Order.LITTLE and point.type is not DataType.STRING
    return words[::-1] if turned else words
