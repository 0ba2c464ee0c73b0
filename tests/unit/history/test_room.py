"""How full the history is, and how long its room will do."""

import pytest

from stripchart.history.horizons import DAY_MS
from stripchart.history.room import Growth, RoomState, next_state

OK, WARNING, FULL = RoomState
HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("state", "used", "then"),
    [
        (OK, 0.79, OK),
        (OK, 0.80, WARNING),
        (OK, 0.95, FULL),
        (WARNING, 0.79, WARNING),
        (WARNING, 0.77, OK),
        (WARNING, 0.94, WARNING),
        (WARNING, 0.95, FULL),
        (FULL, 0.94, FULL),
        (FULL, 0.92, WARNING),
        (FULL, 0.79, WARNING),
        (FULL, 0.5, OK),
    ],
)
def test_a_state_is_left_only_when_it_is_two_percent_emptier(state: RoomState, used: float, then: RoomState) -> None:
    assert next_state(state, used) is then


def test_growth_is_not_known_before_an_hour() -> None:
    growth = Growth([])
    assert growth.note(0, 100)
    assert not growth.note(HOUR_MS - 1, 200)
    assert growth.per_day(HOUR_MS - 1, 200) is None
    assert growth.per_day(HOUR_MS, 200) == pytest.approx(2400)


def test_growth_is_that_of_the_last_week() -> None:
    growth = Growth([])
    for hour in range(20 * 24):
        growth.note(hour * HOUR_MS, 1_000_000 * min(hour, 240) + 10 * max(0, hour - 240))
    assert len(growth.looks) == 7 * 24 + 1
    assert growth.per_day(20 * DAY_MS, 240_000_000 + 2400) == pytest.approx(240)
    assert Growth(growth.looks).per_day(20 * DAY_MS, 240_002_400) == pytest.approx(240)


def test_a_clock_that_is_set_back_begins_the_looks_anew() -> None:
    growth = Growth([(10 * DAY_MS, 5)])
    assert growth.note(9 * DAY_MS, 6)
    assert growth.looks == [(9 * DAY_MS, 6)]
