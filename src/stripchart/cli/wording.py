"""A value as a person reads it."""

import math

from stripchart.model.point import Point, text_in


def shown_value(point: Point, value: float, language: str) -> str:
    """The number with the point's decimals, the label of a code, or the texts of the bits that are set."""
    if math.isnan(value):
        return "-"
    if point.bits:
        return _bits(point, int(value), language)
    label = point.labels.get(int(value)) if value.is_integer() else None
    if label is not None:
        return text_in(label, language)
    return f"{value:.{point.decimals}f}" if point.decimals is not None else f"{value:g}"


def _bits(point: Point, value: int, language: str) -> str:
    numbers = [bit for bit in range(value.bit_length()) if value >> bit & 1]
    texts = [text_in(point.bits[bit], language) if bit in point.bits else f"bit {bit}" for bit in numbers]
    return ", ".join(texts) or "none"
