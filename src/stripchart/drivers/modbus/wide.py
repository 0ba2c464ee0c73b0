"""64-bit whole numbers beyond what a float64 can hold: their digits, from the words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from stripchart.drivers.modbus.columns import Layout, Words
from stripchart.model.point import DataType, Order, Point

_WIDE = {DataType.UINT64, DataType.INT64}


@dataclass(frozen=True, slots=True)
class Wide:
    """Where the number of a point lies. `point`: its place in the profile; `row`: among the decoder's numbers."""

    point: int
    row: int
    start: int
    little_words: bool
    little_bytes: bool
    signed: bool

    def digits(self, words: Words) -> str:
        """The number in decimal digits."""
        own = words[self.start : self.start + 4]
        if not self.little_words:
            own = own[::-1]
        if self.little_bytes:
            own = own.byteswap()
        return str(int.from_bytes(own.astype("<u2").tobytes(), "little", signed=self.signed))


def wides(points: Sequence[Point], numeric: Sequence[int], layout: Layout) -> list[Wide]:
    """The points whose value is the number in the registers itself: 64 bits, neither scaled nor shifted."""
    return [
        Wide(
            place,
            row,
            layout.place(point),
            point.word_order is Order.LITTLE,
            point.byte_order is Order.LITTLE,
            point.type is DataType.INT64,
        )
        for row, (place, point) in enumerate((place, points[place]) for place in numeric)
        if point.type in _WIDE and _is_plain(point)
    ]


def _is_plain(point: Point) -> bool:
    return (point.scale, point.offset) == (1, 0) and point.scale_factor is None and point.scale_when is None
