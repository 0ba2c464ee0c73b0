from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.drivers.modbus.device_clock import clock_notice

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
NOW_MS = round(NOW.timestamp() * 1000)
QUARTERS = st.integers(-12 * 4, 14 * 4)


def parts(shown: datetime, *, short: bool = False) -> list[float]:
    year = shown.year % 100 if short else shown.year
    return [float(part) for part in (year, shown.month, shown.day, shown.hour, shown.minute, shown.second)]


@given(zone=QUARTERS, off_s=st.integers(-60, 60), short=st.booleans())
def test_the_right_time_of_any_zone_is_right(zone: int, off_s: int, short: bool) -> None:
    shown = NOW + timedelta(minutes=15 * zone, seconds=off_s)
    assert clock_notice(parts(shown, short=short), NOW_MS, 60) is None


@given(zone=QUARTERS, off_s=st.integers(61, 440), sign=st.sampled_from([-1, 1]))
def test_what_no_zone_explains_is_an_error(zone: int, off_s: int, sign: int) -> None:
    shown = NOW + timedelta(minutes=15 * zone, seconds=sign * off_s)
    notice = clock_notice(parts(shown), NOW_MS, 60)
    assert notice is not None
    assert f"{off_s} s {'after' if sign > 0 else 'before'} ours" in notice.message
    assert (notice.code, notice.facts["off_s"]) == ("clock_fast" if sign > 0 else "clock_slow", off_s)


@pytest.mark.parametrize(
    ("off", "said"),
    [
        (timedelta(hours=16), "57600 s after our time in UTC"),
        (timedelta(days=-3000), "3000 days before our time in UTC"),
        (timedelta(hours=-3, minutes=-34), "240 s before ours, taken for a clock of UTC-3:30"),
        (timedelta(minutes=2), "120 s after ours, taken for a clock of UTC"),
    ],
)
def test_it_is_said_how_far_it_is_off(off: timedelta, said: str) -> None:
    notice = clock_notice(parts(NOW + off), NOW_MS, 60)
    assert notice is not None
    assert notice.message.endswith(said)


@pytest.mark.parametrize("shown", [[2026, 13, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0], [2026, 2, 30, 25, 61, 61]])
def test_what_is_no_time_is_said_to_be_none(shown: list[float]) -> None:
    notice = clock_notice(shown, NOW_MS, 60)
    assert notice is not None
    assert "which is no time" in notice.message
