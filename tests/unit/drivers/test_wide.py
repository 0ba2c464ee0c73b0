"""Whole numbers of 64 bits keep every digit, though their values are float64."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.reading import Reading
from stripchart.model.exact import EXACT_BELOW
from stripchart.model.limits import Limits
from stripchart.model.point import DataType, Order, Point, Table, ValidRange
from stripchart.model.profile import Pacing, Profile
from stripchart.model.sample import SampleBatch

orders = st.sampled_from(Order)


def read(number: int, **options: object) -> SampleBatch:
    """What comes of a device whose one point (id 5) has this number in its registers."""
    type_ = DataType.UINT64 if number >= 0 else DataType.INT64
    fields: dict[str, object] = {"key": "n", "name": {"en": "n"}, "table": Table.HOLDING, "address": 3, "type": type_}
    point = Point(**{**fields, "registers": 4, **options})  # type: ignore[arg-type]
    profile = Profile(key="wide", name={"en": "Wide"}, kind="meter", points=(point,), pacing=Pacing())
    (group,) = compile_profile(profile).reads
    reading = Reading(group, group.plan(Limits()), 0)
    big = np.frombuffer((number % 2**64).to_bytes(8, "big"), ">u2").astype(np.uint16)
    words = big.byteswap() if point.byte_order is Order.LITTLE else big
    reading.take(0, words[::-1] if point.word_order is Order.LITTLE else words, 1000)
    return reading.samples(np.array([5], np.int32), np.array([5], np.int32), np.full(1, np.nan))


@given(number=st.integers(-(2**63), 2**64 - 1), byte_order=orders, word_order=orders)
def test_the_digits_of_any_number_come_with_its_nearest_value(
    number: int, byte_order: Order, word_order: Order
) -> None:
    found = read(number, byte_order=byte_order, word_order=word_order)
    assert found.value.tolist() == [float(number)]
    assert found.texts == ({5: (1000, str(number))} if abs(number) >= EXACT_BELOW else {})


@pytest.mark.parametrize("number", [2**53 - 1, -(2**53) + 1, 0, 7])
def test_a_number_that_its_value_tells_exactly_has_no_digits_beside_it(number: int) -> None:
    assert read(number).texts == {}


@pytest.mark.parametrize("options", [{"scale": 0.1}, {"offset": 5.0}, {"valid": ValidRange(high=10.0)}])
def test_what_is_scaled_or_out_of_range_has_no_digits(options: dict[str, object]) -> None:
    assert read(2**60 + 1, **options).texts == {}
