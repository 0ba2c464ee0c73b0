"""A value as a person reads it."""

import math

from stripchart.model.point import DataType, Point, text_in

_DIGITS = {DataType.FLOAT16: 4, DataType.FLOAT32: 7}
_WHOLE_BELOW = 1e15


def shown_value(point: Point, value: float, language: str) -> str:
    """The number with the point's decimals, the label of a code, or the texts of the bits that are set."""
    if math.isnan(value):
        return "-"
    if point.bits:
        return _bits(point, int(value), language)
    label = point.labels.get(int(value)) if value.is_integer() else None
    if label is not None:
        return text_in(label, language)
    return f"{value:.{point.decimals}f}" if point.decimals is not None else _number(point, value)


def _number(point: Point, value: float) -> str:
    """Every digit that the point's type can tell, and none that it cannot: a float32 has 7."""
    if value.is_integer() and abs(value) < _WHOLE_BELOW:
        return f"{value:.0f}"
    return f"{value:.{_DIGITS.get(point.type, 15)}g}"


def _bits(point: Point, value: int, language: str) -> str:
    numbers = [bit for bit in range(value.bit_length()) if value >> bit & 1]
    texts = [text_in(point.bits[bit], language) if bit in point.bits else f"bit {bit}" for bit in numbers]
    return ", ".join(texts) or "none"
