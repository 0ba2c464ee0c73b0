"""Addresses may come a minute's worth at once, then evenly; one does not cost another anything."""

from hypothesis import given
from hypothesis import strategies as st

from stripchart.api.http_limits import Pace


def test_a_minute_s_worth_may_come_at_once_and_then_one_by_one() -> None:
    pace = Pace(60)
    assert [pace.wait_s("a", 100.0) for _ in range(60)] == [0.0] * 60
    assert pace.wait_s("a", 100.0) == 1.0
    assert pace.wait_s("b", 100.0) == 0.0
    assert pace.wait_s("a", 101.0) == 0.0
    assert pace.wait_s("a", 101.0) == 1.0


def test_refused_requests_do_not_count() -> None:
    pace = Pace(60)
    for _ in range(500):
        pace.wait_s("a", 100.0)
    assert pace.wait_s("a", 101.0) == 0.0


@given(st.lists(st.floats(0, 5), max_size=200))
def test_never_more_than_two_minutes_worth_come_through_in_any_minute(pauses_s: list[float]) -> None:
    pace, now_s, through = Pace(20), 1000.0, []
    for pause_s in pauses_s:
        now_s += pause_s
        if not pace.wait_s("a", now_s):
            through.append(now_s)
    assert all(sum(1 for other in through if at <= other < at + 60) <= 40 for at in through)
