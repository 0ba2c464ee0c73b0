"""Golden vectors for every type and order, and the rules about what may be shown as a number."""

import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.drivers.modbus.decode import Decoder
from stripchart.drivers.modbus.plan import plan_points
from stripchart.model.block import Block
from stripchart.model.point import DataType, Order, Point, RawRange, ScaleWhen, Table, ValidRange
from stripchart.model.profile import Pacing
from stripchart.model.quality import Quality

BIG, LITTLE = Order.BIG, Order.LITTLE


def point(type_: DataType = DataType.UINT16, address: int = 0, **options: object) -> Point:
    fields: dict[str, object] = {"key": f"p{address}", "name": {"en": "x"}, "table": Table.HOLDING, **options}
    return Point(address=address, type=type_, **{"registers": type_.registers, **fields})  # type: ignore[arg-type]


def decode(points: list[Point], words: list[int]) -> tuple[list[float], list[int]]:
    blocks = [Block(Table.HOLDING, 0, len(words))]
    decoder = Decoder(points, range(len(points)), blocks)
    values, quality = decoder.decode(np.array(words, np.uint16), np.full(len(points), np.nan))
    return values.tolist(), quality.tolist()


def value(a_point: Point, *words: int) -> float:
    values, quality = decode([a_point], list(words))
    assert quality == [Quality.GOOD]
    return values[0]


def quality_of(a_point: Point, *words: int) -> int:
    values, quality = decode([a_point], list(words))
    assert math.isnan(values[0]) == (quality[0] >= Quality.BAD)
    return quality[0]


@pytest.mark.parametrize(
    ("type_", "words", "expected"),
    [
        (DataType.BOOL, [1], 1.0),
        (DataType.UINT16, [0xFFFE], 65534.0),
        (DataType.INT16, [0xFFF6], -10.0),
        (DataType.UINT32, [0x0001, 0x86A0], 100_000.0),
        (DataType.INT32, [0xFFFF, 0xFFFE], -2.0),
        (DataType.UINT64, [0, 1, 0, 2], 4_294_967_298.0),
        (DataType.INT64, [0xFFFF, 0xFFFF, 0xFFFF, 0xFFFB], -5.0),
        (DataType.FLOAT16, [0x3E00], 1.5),
        (DataType.FLOAT32, [0x4248, 0x0000], 50.0),
        (DataType.FLOAT64, [0x4049, 0, 0, 0], 50.0),
        (DataType.BCD16, [0x1234], 1234.0),
        (DataType.BCD32, [0x1234, 0x5678], 12_345_678.0),
        (DataType.ENUM16, [9], 9.0),
        (DataType.ENUM32, [1, 0], 65_536.0),
        (DataType.BITFIELD16, [0x8001], 32_769.0),
        (DataType.BITFIELD32, [0x8000, 1], 2_147_483_649.0),
    ],
)
def test_golden_vectors(type_: DataType, words: list[int], expected: float) -> None:
    assert value(point(type_), *words) == expected
    assert value(point(type_, word_order=LITTLE), *words[::-1]) == expected
    swapped = [(word >> 8) | (word & 0xFF) << 8 for word in words]
    assert value(point(type_, byte_order=LITTLE), *swapped) == expected
    assert value(point(type_, byte_order=LITTLE, word_order=LITTLE), *swapped[::-1]) == expected


NATIVE = {
    DataType.UINT16: ">H",
    DataType.INT16: ">h",
    DataType.UINT32: ">I",
    DataType.INT32: ">i",
    DataType.UINT64: ">Q",
    DataType.INT64: ">q",
    DataType.FLOAT32: ">f",
    DataType.FLOAT64: ">d",
}


@given(st.data())
def test_any_mixture_of_points_decodes_as_struct_does(data: st.DataObject) -> None:
    types = data.draw(st.lists(st.sampled_from(sorted(NATIVE)), min_size=1, max_size=20))
    points: list[Point] = []
    words: list[int] = []
    expected: list[float] = []
    for type_ in types:
        order = data.draw(st.sampled_from([BIG, LITTLE]))
        points.append(point(type_, len(words), word_order=order))
        packed = data.draw(st.binary(min_size=2 * type_.registers, max_size=2 * type_.registers))
        own = list(struct.unpack(f">{type_.registers}H", packed))
        words += own if order is BIG else own[::-1]
        expected.append(float(struct.unpack(NATIVE[type_], packed)[0]))
    values, _ = decode(points, words)
    np.testing.assert_array_equal(values, [e if math.isfinite(e) else math.nan for e in expected])


def test_a_scale_gives_the_decimal_number_nearest_to_the_reading() -> None:
    assert value(point(scale=0.1), 4001) == 400.1
    assert value(point(scale=0.001), 3) == 0.003
    assert value(point(scale=0.1, offset=-40.0), 801) == 40.1
    assert value(point(scale=2.5), 4) == 10.0


def test_bits_of_a_register_are_values_of_their_own() -> None:
    bits = [point(DataType.BOOL, bit=9), point(DataType.UINT16, bit=0, bit_count=8), point(DataType.BOOL, bit=15)]
    assert decode(bits, [0x02A5])[0] == [1.0, 165.0, 0.0]


def test_no_data_is_matched_after_the_sign_rule_so_frost_is_not_lost() -> None:
    coolant = point(DataType.INT16, no_data=(RawRange(32_000, 32_767),))
    assert value(coolant, 65_526) == -10.0
    assert quality_of(coolant, 32_766) == Quality.BAD_NO_DATA
    assert quality_of(coolant, 32_000) == Quality.BAD_NO_DATA
    assert value(coolant, 31_999) == 31_999.0


def test_no_data_is_matched_on_the_whole_width() -> None:
    energy = point(DataType.UINT32, no_data=(RawRange(0xFFFFFFFF, 0xFFFFFFFF),), scale=0.1)
    assert quality_of(energy, 0xFFFF, 0xFFFF) == Quality.BAD_NO_DATA
    assert value(energy, 0x0000, 0xFFFF) == 6553.5


def test_a_value_outside_its_valid_range_is_no_number() -> None:
    speed = point(valid=ValidRange(0, 5000))
    assert value(speed, 5000) == 5000.0
    assert quality_of(speed, 5001) == Quality.BAD_OUT_OF_RANGE


@pytest.mark.parametrize("words", [(0x7FC0, 0), (0x7F80, 1), (0x7F80, 0), (0xFF80, 0)])
def test_a_float_that_is_no_number_is_no_data(words: tuple[int, int]) -> None:
    assert quality_of(point(DataType.FLOAT32), *words) == Quality.BAD_NO_DATA


def test_a_decimal_digit_above_nine_is_no_number() -> None:
    assert quality_of(point(DataType.BCD16), 0x12A4) == Quality.BAD_NO_DATA


def test_a_scale_factor_register_scales_by_powers_of_ten() -> None:
    factor = point(DataType.INT16, 1, key="factor", no_data=(RawRange(-32_768, -32_768),))
    power = point(DataType.INT16, 0, key="power", scale_factor="factor")
    assert decode([power, factor], [4001, 0xFFFF])[0] == [400.1, -1.0]
    assert decode([power, factor], [4001, 2])[0] == [400_100.0, 2.0]
    values, quality = decode([power, factor], [4001, 0x8000])
    assert math.isnan(values[0])
    assert quality == [Quality.BAD_NO_DATA, Quality.BAD_NO_DATA]


def test_a_digital_point_of_a_t3_is_not_divided_by_a_thousand() -> None:
    flag = point(DataType.BOOL, 2, key="flag")
    input_ = point(DataType.INT32, 0, scale=0.001, scale_when=ScaleWhen("flag", 0, 1.0))
    assert decode([input_, flag], [0, 1, 0])[0][0] == 1.0
    assert decode([input_, flag], [0, 21_500, 1])[0][0] == 21.5


def test_a_scale_that_depends_on_an_unknown_flag_gives_no_number() -> None:
    flag = point(DataType.BOOL, 9, key="flag")
    input_ = point(DataType.INT32, 0, scale=0.001, scale_when=ScaleWhen("flag", 0, 1.0))
    decoder = Decoder([input_, flag], [0], [Block(Table.HOLDING, 0, 2)])
    _, quality = decoder.decode(np.array([0, 1], np.uint16), np.full(2, np.nan))
    assert quality.tolist() == [Quality.BAD_NO_DATA]


def test_a_string_ends_at_its_first_nul() -> None:
    name = point(DataType.STRING, registers=4)
    decoder = Decoder([name], [0], [Block(Table.HOLDING, 0, 4)])
    words = np.frombuffer(b"SDM-63\0\0", ">u2").astype(np.uint16)
    assert [text.read(words) for text in decoder.texts] == ["SDM-63"]


def test_points_of_several_tables_are_found_in_their_own_blocks() -> None:
    points = [point(address=7), point(DataType.BOOL, 7, key="c", table=Table.COIL)]
    decoder = Decoder(points, [0, 1], plan_points(points, Pacing()))
    words = np.array([1, 42], np.uint16)  # tables in alphabetical order: coil before holding
    assert decoder.decode(words, np.full(2, np.nan))[0].tolist() == [42.0, 1.0]
