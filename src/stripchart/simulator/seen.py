"""What a client reads of points that truly are so: rounded to what their registers can hold. Pure, in columns."""

import numpy as np
import numpy.typing as npt

from stripchart.model.point import DataType, Point
from stripchart.model.sample import Values

_FLOATS: dict[DataType, npt.DTypeLike] = {
    DataType.FLOAT16: np.float16,
    DataType.FLOAT32: np.float32,
    DataType.FLOAT64: np.float64,
}


def seen(point: Point, truth: Values, *, other: float | None = None) -> Values:
    """The values as they are read; NaN where the truth is, or where the registers say that there is no data.

    `other`: what the point named by `scale_factor` or `scale_when` holds meanwhile. Not for texts.
    """
    numerator, denominator = _step(point, other)
    with np.errstate(all="ignore"):
        raw = (truth - point.offset) * denominator / numerator
        if point.type in _FLOATS and not point.table.is_bits:
            raw = raw.astype(_FLOATS[point.type]).astype(np.float64)
        else:
            raw = np.clip(np.rint(raw), *_limits(point))
        values: Values = raw * numerator / denominator + point.offset
    for span in point.no_data:
        values[(raw >= span.first) & (raw <= span.last)] = np.nan
    return values


def _step(point: Point, other: float | None) -> tuple[float, float]:
    """What one raw unit is worth, as a fraction: 1 / 10 is exact where 0.1 is not."""
    scale, power = point.scale, 0.0
    if point.scale_when is not None and other == point.scale_when.equals:
        scale = point.scale_when.scale
    if point.scale_factor is not None and other is not None:
        power = other
    worth = scale * 10.0**power
    inverse = round(1 / worth) if worth else 0
    if abs(worth) < 1 and inverse and abs(1 / worth - inverse) < 1e-6 * abs(inverse):
        return 1.0, float(inverse)
    return worth, 1.0


def _limits(point: Point) -> tuple[float, float]:
    if point.table.is_bits or (point.type is DataType.BOOL and point.bit is None):
        return 0.0, 1.0
    if point.bit is not None:
        return 0.0, float((1 << point.bit_count) - 1)
    if point.type in {DataType.BCD16, DataType.BCD32}:
        return 0.0, 10.0 ** (4 * point.registers) - 1
    bits = 16 * point.registers
    if point.type in {DataType.INT16, DataType.INT32, DataType.INT64}:
        return -(2.0 ** (bits - 1)), 2.0 ** (bits - 1) - 1
    return 0.0, 2.0**bits - 1
