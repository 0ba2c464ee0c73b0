"""What happened of late is counted; what is longer ago is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.model.recent import Recent, Told

Happened = st.lists(st.tuples(st.integers(0, 500), st.booleans()), max_size=50)


def test_nothing_that_happened_is_no_failure() -> None:
    told = Recent(60).told(1000)
    assert (told, told.mean_ms, told.failed_share) == (Told(0, 0, 0.0), 0.0, 0.0)


def test_times_are_averaged_and_failures_are_a_share() -> None:
    recent = Recent(60)
    recent.note(100, 0.010)
    recent.note(101, 0.030, failed=True)
    recent.note(102, times=2)
    told = recent.told(110)
    assert (told.count, told.failed, told.failed_share) == (4, 1, 0.25)
    assert told.mean_ms == pytest.approx(10)


@given(happened=Happened, later_s=st.integers(0, 200))
def test_only_the_span_before_now_counts(happened: list[tuple[int, bool]], later_s: int) -> None:
    recent = Recent(60, parts=60)
    happened = sorted(happened)
    for at_s, failed in happened:
        recent.note(at_s, 1.0, failed=failed)
    now_s = (happened[-1][0] if happened else 0) + later_s
    within = [failed for at_s, failed in happened if at_s > now_s - 60]
    assert recent.told(now_s) == Told(len(within), sum(within), float(len(within)))
