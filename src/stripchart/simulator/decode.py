"""What words written by a client mean to the device: one value at a time, in plain steps. Pure.

The product reads with `drivers.modbus.decode`, which the simulator must not share: a mistake there would hide itself.
"""

import math
import struct
from collections.abc import Sequence

from stripchart.model.encode import Value
from stripchart.model.point import DataType, Order, Point

_LETTERS = {
    DataType.INT16: "h",
    DataType.INT32: "i",
    DataType.INT64: "q",
    DataType.FLOAT16: "e",
    DataType.FLOAT32: "f",
    DataType.FLOAT64: "d",
}
_BCD = {DataType.BCD16, DataType.BCD32}


def decode(point: Point, words: Sequence[int], *, other: float | None = None) -> Value:
    """The value in the point's unit; None where the words are the point's no-data value.

    `words`: `point.registers` of them. `other`: what the point named by `scale_factor` or `scale_when` holds.
    """
    if point.table.is_bits:
        return float(words[0] != 0)
    packed = _big_endian(point, words)
    if point.type is DataType.STRING:
        return packed.split(b"\0", 1)[0].decode(errors="replace")
    raw = _raw(point, packed)
    if math.isnan(raw) or any(span.first <= raw <= span.last for span in point.no_data):
        return None
    return _scaled(point, raw, other)


def _scaled(point: Point, raw: float, other: float | None) -> float:
    if point.scale_factor is not None and other is not None:
        return raw * point.scale * math.pow(10, other) + point.offset
    if point.scale_when is not None and other == point.scale_when.equals:
        return raw * point.scale_when.scale + point.offset
    return raw * point.scale + point.offset


def _raw(point: Point, packed: bytes) -> float:
    if point.bit is not None:
        return float(int.from_bytes(packed, "big") >> point.bit & (1 << point.bit_count) - 1)
    if point.type in _BCD:
        text = packed.hex()
        return float(text) if text.isdigit() else math.nan
    if point.type in _LETTERS:
        return float(struct.unpack(">" + _LETTERS[point.type], packed)[0])
    return float(int.from_bytes(packed, "big"))


def _big_endian(point: Point, words: Sequence[int]) -> bytes:
    turned = point.word_order is Order.LITTLE and point.type is not DataType.STRING
    order = "<" if point.byte_order is Order.LITTLE else ">"
    return struct.pack(f"{order}{len(words)}H", *(reversed(words) if turned else words))
