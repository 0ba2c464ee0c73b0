"""Thresholds that make sense, and those that do not."""

import pytest

from stripchart.model.alarm import ThresholdError, Thresholds, check_thresholds


@pytest.mark.parametrize(
    "thresholds",
    [
        Thresholds(),
        Thresholds(critical_upper=0),
        Thresholds(critical_lower=-1, critical_upper=1, hysteresis=1.9),
        Thresholds(critical_lower=0, warning_lower=1, warning_upper=2, critical_upper=3, hysteresis=0.5),
    ],
)
def test_each_bound_may_be_left_out(thresholds: Thresholds) -> None:
    assert check_thresholds(thresholds) is thresholds


@pytest.mark.parametrize(
    ("thresholds", "field"),
    [
        (Thresholds(warning_upper=60, critical_upper=50), "critical_upper"),
        (Thresholds(warning_upper=60, critical_upper=60), "critical_upper"),
        (Thresholds(critical_lower=5, warning_lower=4), "warning_lower"),
        (Thresholds(critical_lower=5, critical_upper=4), "critical_upper"),
        (Thresholds(warning_lower=5, warning_upper=5), "warning_upper"),
        (Thresholds(hysteresis=-1), "hysteresis"),
        (Thresholds(warning_lower=0, warning_upper=5, hysteresis=5), "hysteresis"),
    ],
)
def test_thresholds_that_contradict_each_other_are_refused_by_name(thresholds: Thresholds, field: str) -> None:
    with pytest.raises(ThresholdError, match=field) as refused:
        check_thresholds(thresholds)
    assert refused.value.field == field
