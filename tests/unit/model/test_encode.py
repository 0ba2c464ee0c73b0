"""Encoding against a decoder that is written here in the plainest way."""

import math
import struct
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.model.encode import EncodeError, encode, own_bits
from stripchart.model.point import DataType, Order, Point, RawRange, ScaleWhen, Table

LETTERS = {
    DataType.BOOL: "H", DataType.UINT16: "H", DataType.ENUM16: "H", DataType.BITFIELD16: "H", DataType.INT16: "h",
    DataType.UINT32: "I", DataType.ENUM32: "I", DataType.BITFIELD32: "I", DataType.INT32: "i",
    DataType.UINT64: "Q", DataType.INT64: "q", DataType.FLOAT16: "e", DataType.FLOAT32: "f", DataType.FLOAT64: "d",
}  # fmt: skip
FLOATS = {DataType.FLOAT16, DataType.FLOAT32, DataType.FLOAT64}
BCD = {DataType.BCD16, DataType.BCD32}
SAFE = {"H": 65_535, "h": 32_767, "I": 2**32 - 1, "i": 2**31 - 1, "Q": 2**53, "q": 2**53}


def make_point(type_: DataType = DataType.UINT16, **more: object) -> Point:
    fields: dict[str, object] = {"registers": type_.registers} | more
    return Point(key="p", name={"en": "P"}, table=Table.HOLDING, address=0, type=type_, **fields)  # type: ignore[arg-type]


def plain_bytes(point: Point, words: tuple[int, ...]) -> bytes:
    ordered = list(words)
    if point.word_order is Order.LITTLE and point.type is not DataType.STRING:
        ordered.reverse()
    pairs = [word.to_bytes(2, "big") for word in ordered]
    if point.byte_order is Order.LITTLE:
        pairs = [pair[::-1] for pair in pairs]
    return b"".join(pairs)


def plain_decode(point: Point, words: tuple[int, ...]) -> float:
    data = plain_bytes(point, words)
    if point.type in BCD:
        raw: float = int(data.hex())
    else:
        raw = struct.unpack(">" + LETTERS[point.type], data)[0]
    if point.bit is not None:
        raw = (int(raw) >> point.bit) % (1 << point.bit_count)
    return raw * point.scale + point.offset


orders = st.sampled_from(Order)
integer_types = st.sampled_from([t for t in LETTERS if t not in FLOATS | {DataType.BOOL}])


@given(integer_types, orders, orders, st.data())
def test_every_whole_number_comes_back_in_every_order(
    type_: DataType, byte_order: Order, word_order: Order, data: st.DataObject
) -> None:
    point = make_point(type_, byte_order=byte_order, word_order=word_order)
    letter = LETTERS[type_]
    value = data.draw(st.integers(-SAFE[letter] if letter.islower() else 0, SAFE[letter]))
    assert plain_decode(point, encode(point, value)) == value


@given(st.sampled_from(sorted(FLOATS)), orders, orders, st.floats(-60_000, 60_000, width=16))
def test_every_float_comes_back_in_every_order(
    type_: DataType, byte_order: Order, word_order: Order, value: float
) -> None:
    point = make_point(type_, byte_order=byte_order, word_order=word_order)
    assert plain_decode(point, encode(point, value)) == value


@given(st.sampled_from(sorted(BCD)), orders, orders, st.integers(0, 9999))
def test_every_decimal_comes_back_in_every_order(
    type_: DataType, byte_order: Order, word_order: Order, value: int
) -> None:
    point = make_point(type_, byte_order=byte_order, word_order=word_order)
    assert plain_decode(point, encode(point, value)) == value


@given(
    st.sampled_from([0.001, 0.01, 0.1, 1.0, 2.0, 0.5, -0.1]),
    st.sampled_from([0.0, -40.0, 100.0]),
    st.integers(-30_000, 30_000),
)
def test_scale_and_offset_are_undone_to_the_nearest_step(scale: float, offset: float, raw: int) -> None:
    point = make_point(DataType.INT32, scale=scale, offset=offset)
    value = raw * scale + offset
    assert plain_decode(point, encode(point, value + scale * 0.3)) == pytest.approx(value, abs=1e-9)


@given(st.sampled_from([1, 2, 4]), st.integers(0, 15), st.integers(1, 8), st.integers(0, 255), orders, orders)
def test_a_part_of_a_register_takes_only_its_own_bits(
    registers: int, bit: int, count: int, value: int, byte_order: Order, word_order: Order
) -> None:
    type_ = {1: DataType.UINT16, 2: DataType.UINT32, 4: DataType.UINT64}[registers]
    count = min(count, registers * 16 - bit)
    point = make_point(type_, bit=bit, bit_count=count, byte_order=byte_order, word_order=word_order)
    value %= 1 << count
    words = encode(point, value)
    assert plain_decode(point, words) == value
    assert all(word & ~mask == 0 for word, mask in zip(words, own_bits(point), strict=True))
    everything = replace(point, bit=0, bit_count=registers * 16)
    assert plain_decode(everything, own_bits(point)) == ((1 << count) - 1) << bit


@given(st.text(max_size=12), orders, orders)
def test_a_text_comes_back_cut_at_a_whole_character(text: str, byte_order: Order, word_order: Order) -> None:
    point = make_point(DataType.STRING, registers=4, byte_order=byte_order, word_order=word_order)
    data = plain_bytes(point, encode(point, text))
    shown = data.decode().rstrip("\0")
    assert len(data) == 8
    assert text.rstrip("\0").startswith(shown)
    assert len(shown.encode()) > 8 - 4 or shown == text.rstrip("\0")


@pytest.mark.parametrize(
    ("type_", "value", "shown"),
    [
        (DataType.UINT16, 70_000, 65_535),
        (DataType.UINT16, -1, 0),
        (DataType.INT16, 40_000, 32_767),
        (DataType.INT16, -40_000, -32_768),
        (DataType.UINT32, math.inf, 2**32 - 1),
        (DataType.BOOL, 5, 1),
        (DataType.BCD16, 12_345, 9999),
        (DataType.BCD32, -4, 0),
        (DataType.FLOAT16, 1e6, 65_504.0),
        (DataType.FLOAT32, 1e300, 3.4028234663852886e38),
    ],
)
def test_what_is_out_of_the_type_s_range_is_clamped(type_: DataType, value: float, shown: float) -> None:
    point = make_point(type_)
    assert plain_decode(point, encode(point, value)) == shown


def test_a_part_of_a_register_is_clamped_to_its_width() -> None:
    assert encode(make_point(bit=4, bit_count=3), 99) == (0b111_0000,)


def test_a_scale_factor_moves_the_decimal_point() -> None:
    point = make_point(DataType.INT16, scale_factor="sf")
    assert encode(point, 231.7, other=-1) == (2317,)
    assert encode(point, 231_700, other=2) == (2317,)
    assert encode(point, 231.7, other=0) == (232,)


def test_a_scale_holds_only_while_the_other_point_says_so() -> None:
    point = make_point(DataType.INT32, scale=0.001, scale_when=ScaleWhen("digital", 0, 1.0))
    assert encode(point, 1, other=0) == (0, 1)
    assert encode(point, 1, other=1) == (0, 1000)


def test_no_data_is_the_first_no_data_value() -> None:
    assert encode(make_point(DataType.INT16, no_data=(RawRange(32_766, 32_766),)), None) == (32_766,)
    assert math.isnan(plain_decode(make_point(DataType.FLOAT32), encode(make_point(DataType.FLOAT32), None)))


def test_no_data_where_the_point_cannot_say_so_is_refused() -> None:
    with pytest.raises(EncodeError, match="'p' has no no-data value"):
        encode(make_point(), None)


def test_texts_and_numbers_are_not_mixed_up() -> None:
    with pytest.raises(EncodeError, match="not the text 'x'"):
        encode(make_point(), "x")
    with pytest.raises(EncodeError, match="not the number 4"):
        encode(make_point(DataType.STRING), 4)


def test_a_bit_table_holds_one_or_nought() -> None:
    coil = replace(make_point(DataType.BOOL), table=Table.COIL)
    assert (encode(coil, 1), encode(coil, 0), own_bits(coil)) == ((1,), (0,), (0xFFFF,))
