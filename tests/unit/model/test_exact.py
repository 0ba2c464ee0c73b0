"""Which text tells the digits of a whole number, and which does not."""

import numpy as np
import pytest

from stripchart.model.exact import digits_of, digits_of_all

BIG = 2**53 + 1


@pytest.mark.parametrize(
    ("value", "text", "digits"),
    [
        (float(BIG), str(BIG), str(BIG)),
        (float(-BIG), str(-BIG), str(-BIG)),
        (float(BIG), None, None),
        (float(BIG), str(BIG + 100), None),
        (float(BIG), "firmware 2", None),
        (5.0, "5", None),
        (float("nan"), str(BIG), None),
    ],
)
def test_digits_are_those_of_the_value_or_none(value: float, text: str | None, digits: str | None) -> None:
    assert digits_of(value, text) == digits


def test_each_sample_has_the_digits_in_force_at_its_time() -> None:
    texts = [(10, str(BIG)), (30, str(BIG + 2))]
    value = np.array([BIG, BIG, np.nan, BIG + 2, 7.0, BIG + 2], np.float64)
    digits = digits_of_all(np.array([5, 10, 20, 30, 40, 50]), value, texts)
    assert digits == [None, str(BIG), None, str(BIG + 2), None, str(BIG + 2)]
