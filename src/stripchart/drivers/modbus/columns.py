"""What decoding needs of the points, as columns: compiled once per profile and read group. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stripchart.model.block import Block
from stripchart.model.point import DataType, Order, Point
from stripchart.model.sample import Values

Words = npt.NDArray[np.uint16]
"""One entry per register or bit, blocks one after another."""

Index = npt.NDArray[np.intp]

_NATIVE = {
    DataType.BOOL: "<u2",
    DataType.UINT16: "<u2",
    DataType.ENUM16: "<u2",
    DataType.BITFIELD16: "<u2",
    DataType.BCD16: "<u2",
    DataType.INT16: "<i2",
    DataType.FLOAT16: "<f2",
    DataType.UINT32: "<u4",
    DataType.ENUM32: "<u4",
    DataType.BITFIELD32: "<u4",
    DataType.BCD32: "<u4",
    DataType.INT32: "<i4",
    DataType.FLOAT32: "<f4",
    DataType.UINT64: "<u8",
    DataType.INT64: "<i8",
    DataType.FLOAT64: "<f8",
}
_BCD = {DataType.BCD16, DataType.BCD32}
_LARGEST = float(np.finfo(np.float64).max)


@dataclass(frozen=True, slots=True)
class Gather:
    """Values of one native type: where their words lie, and which rows of all that is gathered they are.

    `words` holds, for one value after another, the places of its words with the least significant first, so that the
    gathered words are the value's little-endian bytes.
    """

    native: np.dtype[np.generic]
    words: Index
    rows: slice
    shift: npt.NDArray[np.uint32] | None = None
    mask: npt.NDArray[np.uint32] | None = None
    digits: int = 0

    def raw(self, words: Words) -> npt.NDArray[np.generic]:
        values = words[self.words].view(self.native)
        if self.shift is not None and self.mask is not None:
            return (values >> self.shift) & self.mask
        return _from_bcd(values, self.digits) if self.digits else values


@dataclass(frozen=True, slots=True)
class Rescale:
    """Points whose scale depends on another point: `to` rescaled by what `source` holds now."""

    to: Index
    source: Index
    scale: Values
    offset: Values
    equals: Values
    other_scale: Values
    is_factor: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Forced:
    """Points that may have been set by hand: they have been while what is at `source` is `equals`."""

    to: Index
    source: Index
    equals: Values


@dataclass(frozen=True, slots=True)
class Text:
    """Where the text of a string point lies. `point`: its place among the profile's points."""

    point: int
    first: int
    end: int
    little: bool

    def read(self, words: Words) -> str:
        """The text up to its first NUL; bytes that are no UTF-8 become replacement characters."""
        packed = words[self.first : self.end].astype("<u2" if self.little else ">u2").tobytes()
        return packed.split(b"\0", 1)[0].decode("utf-8", errors="replace").strip()


class Layout:
    """Where each block's words lie in the one buffer that a decode reads."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks
        ends = np.cumsum([0, *(len(block) for block in blocks)])
        self.slices = [slice(int(ends[i]), int(ends[i + 1])) for i in range(len(blocks))]
        self.size = int(ends[-1])

    def block_of(self, point: Point) -> int:
        for number, block in enumerate(self._blocks):
            if block.table is point.table and block.start <= point.address and point.end <= block.end:
                return number
        raise ValueError(f"point {point.key!r} is in no block")

    def place(self, point: Point) -> int:
        number = self.block_of(point)
        return self.slices[number].start + point.address - self._blocks[number].start

    def words(self, point: Point) -> list[int]:
        """Places of the point's words, least significant first; byte-swapped copies lie `size` further on.

        A coil has no bytes to swap, whatever the profile assumes for its registers.
        """
        is_swapped = point.byte_order is Order.LITTLE and not point.table.is_bits
        first = self.place(point) + (self.size if is_swapped else 0)
        places = list(range(first, first + point.registers))
        return places if point.word_order is Order.LITTLE else places[::-1]


def gathers(points: Sequence[Point], layout: Layout) -> tuple[list[Gather], Index]:
    """What to gather, and for each point its row among all that is gathered."""
    groups: dict[tuple[str, bool, int], list[int]] = {}
    for place, point in enumerate(points):
        digits = point.registers * 4 if point.type in _BCD else 0
        groups.setdefault((_NATIVE[point.type], point.bit is not None, digits), []).append(place)
    made: list[Gather] = []
    for key, members in groups.items():
        first = made[-1].rows.stop if made else 0
        made.append(_gather([points[place] for place in members], layout, key, first))
    return made, np.argsort([place for members in groups.values() for place in members])


def _gather(points: Sequence[Point], layout: Layout, key: tuple[str, bool, int], first: int) -> Gather:
    native, has_bits, digits = key
    shift = mask = None
    if has_bits:
        shift = np.array([point.bit for point in points], np.uint32)
        mask = np.array([(1 << point.bit_count) - 1 for point in points], np.uint32)
    words = np.array([place for point in points for place in layout.words(point)], np.intp)
    return Gather(np.dtype(native), words, slice(first, first + len(points)), shift, mask, digits)


def _from_bcd(values: npt.NDArray[np.generic], digits: int) -> Values:
    """Binary-coded decimals as numbers; NaN where a digit is above nine."""
    shifts = np.arange(digits, dtype=np.uint32) * 4
    nibbles = (values.astype(np.uint32)[:, None] >> shifts) & 0xF
    numbers = nibbles @ (10.0 ** np.arange(digits))
    return np.where((nibbles > 9).any(axis=1), np.nan, numbers)


def linear(points: Sequence[Point]) -> tuple[Values, Values, Values]:
    """Columns (before, multiply, divide): value = (raw + before) * multiply / divide.

    A scale of 0.1 becomes a division by 10, because only that gives the decimal number nearest to the reading; the
    offset goes in before it for the same reason.
    """
    before, multiply, divide = [], [], []
    for point in points:
        rescaled = point.scale_factor is not None or point.scale_when is not None
        whole = round(1 / point.scale)
        exact = abs(whole) > 1 and abs(whole * point.scale - 1) < 1e-12
        before.append(0.0 if rescaled else _rounded(point.offset / point.scale))
        multiply.append(1.0 if exact else point.scale)
        divide.append(float(whole) if exact else 1.0)
    return np.array(before), np.array(multiply), np.array(divide)


def _rounded(number: float) -> float:
    """The whole number, when this is one but for rounding."""
    return float(round(number)) if abs(number - round(number)) < 1e-9 * max(1.0, abs(number)) else number


def limits(points: Sequence[Point]) -> tuple[Values, Values]:
    """The lowest and the highest value of each point; an infinite one is outside of any."""
    low = [-_LARGEST if point.valid is None or point.valid.low is None else point.valid.low for point in points]
    high = [_LARGEST if point.valid is None or point.valid.high is None else point.valid.high for point in points]
    return np.clip(low, -_LARGEST, _LARGEST), np.clip(high, -_LARGEST, _LARGEST)


def no_data(points: Sequence[Point]) -> tuple[Index, Values, Values]:
    """One row per no-data range: the point it belongs to, its first and its last raw value."""
    rows = [(i, span.first, span.last) for i, point in enumerate(points) for span in point.no_data]
    columns = np.array(rows, np.float64).reshape(len(rows), 3)
    return columns[:, 0].astype(np.intp), columns[:, 1], columns[:, 2]


def rescale(profile_points: Sequence[Point], points: Sequence[Point]) -> Rescale | None:
    places = {point.key: i for i, point in enumerate(profile_points)}
    rows = [(to, point) for to, point in enumerate(points) if point.scale_factor or point.scale_when]
    if not rows:
        return None
    whens = [point.scale_when for _, point in rows]
    sources = [point.scale_factor or (point.scale_when.point if point.scale_when else "") for _, point in rows]
    return Rescale(
        to=np.array([to for to, _ in rows], np.intp),
        source=np.array([places[key] for key in sources], np.intp),
        scale=np.array([point.scale for _, point in rows]),
        offset=np.array([point.offset for _, point in rows]),
        equals=np.array([when.equals if when else np.nan for when in whens]),
        other_scale=np.array([when.scale if when else np.nan for when in whens]),
        is_factor=np.array([point.scale_factor is not None for _, point in rows]),
    )


def forced(profile_points: Sequence[Point], points: Sequence[Point]) -> Forced | None:
    places = {point.key: i for i, point in enumerate(profile_points)}
    rows = [(to, point.manual_when) for to, point in enumerate(points) if point.manual_when is not None]
    if not rows:
        return None
    return Forced(
        to=np.array([to for to, _ in rows], np.intp),
        source=np.array([places[when.point] for _, when in rows], np.intp),
        equals=np.array([when.equals for _, when in rows]),
    )


def text_of(place: int, point: Point, layout: Layout) -> Text:
    first = layout.place(point)
    is_swapped = point.byte_order is Order.LITTLE
    return Text(place, first, first + point.registers, is_swapped)
