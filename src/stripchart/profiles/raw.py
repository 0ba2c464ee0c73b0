"""What raw values a type can have."""

from math import inf

from stripchart.model.point import DataType

ENUMS = frozenset({DataType.ENUM16, DataType.ENUM32})
BITFIELDS = frozenset({DataType.BITFIELD16, DataType.BITFIELD32})
NUMBERS = frozenset(set(DataType) - ENUMS - BITFIELDS - {DataType.BOOL, DataType.STRING})
PARTS = ENUMS | {DataType.BOOL, DataType.UINT16, DataType.UINT32}
"""Types whose value may be a few bits of a register."""


def raw_limits(type_: DataType, bit_count: int | None = None) -> tuple[float, float]:
    """Lowest and highest raw value, after the sign rule; of `bit_count` bits when the value is a part."""
    if bit_count is not None:
        return 0, 2**bit_count - 1
    bits = type_.registers * 16
    if type_.value.startswith("float"):
        return -inf, inf
    if type_.value.startswith("bcd"):
        return 0, 10 ** (bits // 4) - 1
    if type_.value.startswith("int"):
        return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    return 0, 2**bits - 1
