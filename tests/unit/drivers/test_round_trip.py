"""What is encoded for writing is what the decoder reads back, for every type and order."""

import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.drivers.modbus.decode import Decoder
from stripchart.model.block import Block
from stripchart.model.encode import EncodeError, encode_exactly
from stripchart.model.point import DataType, Order, Point, RawRange, ScaleWhen, Table
from stripchart.profiles.raw import NUMBERS, raw_limits

FLOATS = {DataType.FLOAT16: "e", DataType.FLOAT32: "f", DataType.FLOAT64: "d"}
WHOLE = sorted(set(DataType) - FLOATS.keys() - {DataType.STRING, DataType.BOOL})
SCALES = (1.0, 0.1, 0.01, 0.001, 10.0, -0.1, 2.5)
orders = st.sampled_from(Order)


def point_of(type_: DataType, **more: object) -> Point:
    fields: dict[str, object] = {"registers": type_.registers, "table": Table.HOLDING} | more
    return Point(key="p", name={"en": "P"}, address=7, type=type_, **fields)  # type: ignore[arg-type]


def read_back(point: Point, words: tuple[int, ...]) -> float:
    decoder = Decoder([point], [0], [Block(point.table, point.address, point.end)])
    return float(decoder.decode(np.array(words, np.uint16), np.full(1, np.nan))[0][0])


def whole_numbers(type_: DataType) -> st.SearchStrategy[int]:
    low, high = raw_limits(type_)
    return st.integers(max(int(low), -(2**53)), min(int(high), 2**53))


@given(st.sampled_from(WHOLE), orders, orders, st.data())
def test_a_whole_number_is_read_back_in_every_type_and_order(
    type_: DataType, byte_order: Order, word_order: Order, data: st.DataObject
) -> None:
    point = point_of(type_, byte_order=byte_order, word_order=word_order)
    value = data.draw(whole_numbers(type_))
    assert read_back(point, encode_exactly(point, value)) == value


@given(st.sampled_from(sorted(FLOATS)), orders, orders, st.floats(-65_504, 65_504))
def test_a_float_is_read_back_as_the_nearest_its_type_has(
    type_: DataType, byte_order: Order, word_order: Order, value: float
) -> None:
    point = point_of(type_, byte_order=byte_order, word_order=word_order)
    nearest = struct.unpack(FLOATS[type_], struct.pack(FLOATS[type_], value))[0]
    assert read_back(point, encode_exactly(point, value)) == nearest


@given(st.sampled_from(sorted(set(WHOLE) & NUMBERS)), st.sampled_from(SCALES), st.integers(-50, 50), st.data())
def test_every_step_of_a_scaled_point_can_be_written(
    type_: DataType, scale: float, offset: int, data: st.DataObject
) -> None:
    point = point_of(type_, scale=scale, offset=float(offset))
    low, high = raw_limits(type_)
    raw = data.draw(st.integers(max(int(low), -(10**9)), min(int(high), 10**9)))
    value = round(raw * scale + offset, 6)
    assert math.isclose(read_back(point, encode_exactly(point, value)), value, rel_tol=1e-12, abs_tol=1e-9)


@given(st.integers(0, 15), st.integers(1, 16), st.data())
def test_a_part_of_a_register_is_read_back(bit: int, count: int, data: st.DataObject) -> None:
    count = min(count, 16 - bit)
    point = point_of(DataType.UINT16, bit=bit, bit_count=count)
    value = data.draw(st.integers(0, 2**count - 1))
    assert read_back(point, encode_exactly(point, value)) == value


@given(st.text(st.characters(exclude_categories=("Cs", "Zs", "Cc")), max_size=5), orders)
def test_a_text_is_read_back(text: str, byte_order: Order) -> None:
    point = point_of(DataType.STRING, registers=10, byte_order=byte_order)
    words = encode_exactly(point, text)
    decoder = Decoder([point], [0], [Block(Table.HOLDING, 7, 17)])
    assert decoder.texts[0].read(np.array(words, np.uint16)) == text.strip()


@pytest.mark.parametrize("value", [0, 1])
def test_a_coil_and_a_bit_hold_true_and_false(value: int) -> None:
    coil = point_of(DataType.BOOL, table=Table.COIL)
    bit = point_of(DataType.BOOL, bit=9)
    assert encode_exactly(coil, value) == (value,)
    assert encode_exactly(bit, value) == (value << 9,)


@pytest.mark.parametrize(
    ("fields", "value", "message"),
    [
        ({"type_": DataType.UINT16, "scale": 0.1}, 21.55, "21.55: point 'p' holds 0 to 6553.5 in steps of 0.1"),
        ({"type_": DataType.UINT16}, -1, "-1: point 'p' holds 0 to 65535"),
        ({"type_": DataType.UINT16}, 65_536, "65536: point 'p' holds 0 to 65535"),
        ({"type_": DataType.INT16, "scale": -0.5}, 20_000, "holds -16383.5 to 16384 in steps of 0.5"),
        ({"type_": DataType.UINT16}, math.nan, "nan: point 'p' holds 0 to 65535"),
        ({"type_": DataType.FLOAT32}, math.inf, "inf: point 'p' holds numbers from"),
        ({"type_": DataType.FLOAT16}, 70_000.0, "holds numbers from -65504 to 65504"),
        ({"type_": DataType.BCD16}, 10_000, "holds 0 to 9999"),
        ({"type_": DataType.UINT16, "bit": 8, "bit_count": 3}, 8, "holds 0 to 7"),
        ({"type_": DataType.BOOL, "table": Table.COIL}, 2, "holds 0 to 1"),
        (
            {"type_": DataType.UINT16, "no_data": (RawRange(32_766, 32_767),)},
            32_766,
            "this means that there is no data",
        ),
        ({"type_": DataType.UINT16}, "on", "a number is allowed, not the text 'on'"),
        ({"type_": DataType.STRING, "registers": 2}, "abcde", "'abcde': point 'p' holds texts of up to 4 bytes"),
        ({"type_": DataType.STRING, "registers": 2}, 5.0, "a text is allowed, not the number 5"),
    ],
)
def test_a_value_the_point_cannot_hold_is_refused_with_what_it_can(
    fields: dict[str, object], value: float | str, message: str
) -> None:
    point = point_of(**fields)  # type: ignore[arg-type]
    with pytest.raises(EncodeError) as refusal:
        encode_exactly(point, value)
    assert message in str(refusal.value)


def test_the_scale_that_another_point_gives_holds_for_writing_too() -> None:
    by_factor = point_of(DataType.INT16, scale_factor="sf")
    assert encode_exactly(by_factor, 40.1, other=-1) == (401,)
    by_kind = point_of(DataType.INT32, scale=0.001, scale_when=ScaleWhen("analog", 0, 1))
    assert encode_exactly(by_kind, 21.5, other=1) == (0, 21_500)
    assert encode_exactly(by_kind, 1, other=0) == (0, 1)
