"""What values are by their thresholds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stripchart.alarms.rules import Bounds, judged
from stripchart.model.alarm import Thresholds

ALL = Thresholds(critical_lower=0, warning_lower=10, warning_upper=50, critical_upper=60)


def levels_of(thresholds: Thresholds, values: list[float]) -> list[int]:
    """The levels of values that come one after another."""
    bounds = Bounds.of([thresholds])
    level = np.zeros(1, np.int8)
    levels = []
    for value in values:
        level = judged(np.array([value]), bounds, level)
        levels.append(int(level[0]))
    return levels


def test_a_value_on_a_bound_is_still_what_it_is_before_the_bound() -> None:
    assert levels_of(ALL, [30, 50, 50.1, 60, 60.1]) == [0, 0, 1, 1, 2]
    assert levels_of(ALL, [10, 9.9, 0, -0.1]) == [0, -1, -1, -2]


def test_a_bound_that_is_left_out_is_never_crossed() -> None:
    assert levels_of(Thresholds(critical_upper=60), [-1e9, 59, 61]) == [0, 0, 2]
    assert levels_of(Thresholds(), [-1e300, 1e300]) == [0, 0]


def test_a_value_comes_back_past_its_bound_by_the_hysteresis() -> None:
    sticky = Thresholds(warning_lower=10, warning_upper=50, critical_upper=60, hysteresis=2)
    assert levels_of(sticky, [49, 51, 48.5, 48, 49]) == [0, 1, 1, 0, 0]
    assert levels_of(sticky, [61, 59, 58, 49, 47]) == [2, 2, 1, 1, 0]
    assert levels_of(sticky, [9, 11.9, 12, 11]) == [-1, -1, 0, 0]


def test_a_value_that_falls_from_one_side_to_the_other_is_there_at_once() -> None:
    sticky = Thresholds(critical_lower=0, critical_upper=60, hysteresis=50)
    assert levels_of(sticky, [61, 20, -1, 49, 51]) == [2, 2, -2, -2, 0]


def test_no_value_is_beyond_anything() -> None:
    assert levels_of(ALL, [float("nan")]) == [0]


def one_by_one(thresholds: Thresholds, value: float, before: int) -> int:
    """The rule in words, for one value."""
    critical_upper = np.inf if thresholds.critical_upper is None else thresholds.critical_upper
    warning_upper = np.inf if thresholds.warning_upper is None else thresholds.warning_upper
    if value > critical_upper or (before == 2 and value > critical_upper - thresholds.hysteresis):
        return 2
    if value > warning_upper or (before >= 1 and value > warning_upper - thresholds.hysteresis):
        return 1
    if before >= 0 or thresholds.critical_lower is not None or thresholds.warning_lower is not None:
        mirrored = Thresholds(
            warning_upper=None if thresholds.warning_lower is None else -thresholds.warning_lower,
            critical_upper=None if thresholds.critical_lower is None else -thresholds.critical_lower,
            hysteresis=thresholds.hysteresis,
        )
        if thresholds.warning_lower is None and thresholds.critical_lower is None:
            return 0
        return -one_by_one(mirrored, -value, -before)
    return 0


@given(
    cuts=st.lists(st.integers(-100, 100), min_size=4, max_size=4, unique=True).map(sorted),
    present=st.tuples(*(st.booleans() for _ in range(4))),
    hysteresis=st.floats(0, 0.99),
    values=st.lists(st.integers(-120, 120).map(lambda tenth: tenth * 0.5), max_size=30),
)
def test_columns_judge_as_one_value_after_another_would_be(
    cuts: list[int], present: tuple[bool, ...], hysteresis: float, values: list[float]
) -> None:
    low, lower, upper, high = (float(cut) if there else None for cut, there in zip(cuts, present, strict=True))
    thresholds = Thresholds(low, lower, upper, high, hysteresis)
    before, expected = 0, []
    for value in values:
        before = one_by_one(thresholds, value, before)
        expected.append(before)
    assert levels_of(thresholds, values) == expected
