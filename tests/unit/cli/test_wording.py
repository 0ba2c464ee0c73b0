"""Values as a person reads them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.cli.wording import shown_value
from stripchart.model.point import DataType, Point
from tests.unit.cli.points import point

STATES = point(
    type=DataType.ENUM16, labels={0: {"en": "Stopped", "ru": "Остановлен"}, 7: {"en": "Running", "zh": "运行"}}
)
ALARMS = point(type=DataType.BITFIELD16, bits={0: {"en": "Overspeed", "zh": "超速"}, 3: {"en": "Low oil"}})


@pytest.mark.parametrize(
    ("decimals", "value", "text"),
    [(0, 82.4, "82"), (1, 401.26, "401.3"), (2, 50.0, "50.00"), (1, -0.5, "-0.5"), (3, 1e6, "1000000.000")],
)
def test_a_number_has_the_decimals_of_its_point(decimals: int, value: float, text: str) -> None:
    assert shown_value(point(decimals=decimals), value, "en") == text


@pytest.mark.parametrize(("value", "text"), [(3.0, "3"), (0.25, "0.25"), (-40.0, "-40")])
def test_without_decimals_a_number_is_as_short_as_it_can_be(value: float, text: str) -> None:
    assert shown_value(point(), value, "en") == text


@pytest.mark.parametrize("value", [1_234_567.0, 16_777_216.0, 4_294_967_295.0, 12_345.678])
def test_without_decimals_no_digit_is_lost(value: float) -> None:
    assert float(shown_value(point(), value, "en")) == value


@pytest.mark.parametrize(
    ("type_", "value", "text"),
    [
        (DataType.FLOAT32, 0.10000000149011612, "0.1"),
        (DataType.FLOAT32, 230.44000244140625, "230.44"),
        (DataType.FLOAT32, 1e30, "1e+30"),
        (DataType.FLOAT16, 0.0999755859375, "0.09998"),
        (DataType.FLOAT64, 1234.56789012, "1234.56789012"),
        (DataType.INT32, 3 * 0.1, "0.3"),
    ],
)
def test_without_decimals_no_digit_is_made_up(type_: DataType, value: float, text: str) -> None:
    assert shown_value(point(type=type_), value, "en") == text


@pytest.mark.parametrize("strange", [point(), point(decimals=1), STATES, ALARMS])
def test_no_number_is_a_dash(strange: Point) -> None:
    assert shown_value(strange, math.nan, "en") == "-"


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [(0.0, "en", "Stopped"), (0.0, "ru", "Остановлен"), (7.0, "zh", "运行"), (7.0, "ru", "Running")],
)
def test_a_code_is_its_label_in_the_language_or_in_english(value: float, language: str, text: str) -> None:
    assert shown_value(STATES, value, language) == text


@pytest.mark.parametrize("value", [3.0, 0.5, -1.0])
def test_a_code_without_a_label_is_the_number(value: float) -> None:
    assert shown_value(STATES, value, "en") == f"{value:g}"


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (0.0, "en", "none"),
        (1.0, "en", "Overspeed"),
        (9.0, "en", "Overspeed, Low oil"),
        (9.0, "zh", "超速, Low oil"),
        (16.0, "en", "bit 4"),
    ],
)
def test_bits_are_the_texts_of_those_that_are_set(value: float, language: str, text: str) -> None:
    assert shown_value(ALARMS, value, language) == text


@given(st.floats(), st.sampled_from([point(), point(decimals=2), STATES]), st.sampled_from(["en", "zh", "ru", "de"]))
def test_any_number_has_a_wording(value: float, any_point: Point, language: str) -> None:
    assert shown_value(any_point, value, language)


@given(st.integers(0, 2**32 - 1))
def test_every_set_bit_is_named_once(value: int) -> None:
    text = shown_value(ALARMS, float(value), "en")
    assert (0 if text == "none" else len(text.split(", "))) == value.bit_count()
