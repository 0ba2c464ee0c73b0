"""How long what is kept, as horizons of a day."""

import pytest

from stripchart.history.horizons import DAY_MS, EVER_MS, KEEP_EVERYTHING, Horizon, Horizons
from stripchart.history.options import HistoryOptions
from stripchart.model.sample import PointId
from stripchart.model.time import SystemClock
from stripchart.pipeline.retention import Retention
from tests.contract.historians import points

NOW_MS = 1000 * DAY_MS + 12_345


def retention(**days: int) -> Retention:
    return Retention(None, HistoryOptions(**days), SystemClock())  # type: ignore[arg-type]


def at_day(*days: int | None) -> Horizon:
    return Horizon(*(EVER_MS if day is None else day * DAY_MS for day in days))


def test_everything_is_kept_until_the_user_says_otherwise() -> None:
    assert retention().horizons(NOW_MS).is_same(KEEP_EVERYTHING)


def test_days_are_whole_days_of_utc() -> None:
    assert retention(raw_days=90, rollup_days=900).horizons(NOW_MS).default == at_day(910, 100, 100)
    assert retention(raw_days=90).horizons(NOW_MS).default == at_day(910, None, None)
    assert retention(raw_days=1, minute_days=30).horizons(NOW_MS).default == at_day(999, 970, None)


def test_a_point_goes_before_the_default() -> None:
    some = retention(raw_days=90, minute_days=200, rollup_days=900)
    some.declare({PointId(3): 30, PointId(4): 400, PointId(5): 950})
    horizons = some.horizons(NOW_MS)
    assert horizons.at(3) == at_day(970, 800, 100)
    assert horizons.at(4) == at_day(600, 600, 100)
    assert horizons.at(5) == at_day(50, 50, 50)
    assert horizons.at(6) == at_day(910, 800, 100)


def test_the_default_of_the_owner_goes_before_that_of_the_settings_and_after_the_point_s() -> None:
    some = retention(raw_days=90, rollup_days=100)
    some.declare({PointId(3): 400})
    some.default_to(30)
    assert some.horizons(NOW_MS).at(6) == at_day(970, 900, 900)
    assert some.horizons(NOW_MS).at(3) == at_day(600, 600, 600)
    some.default_to(None)
    assert some.horizons(NOW_MS).at(6) == at_day(910, 900, 900)


def test_of_a_series_by_count_only_the_newest_are_kept() -> None:
    some = retention(raw_days=90)
    some.declare({PointId(3): 30})
    some.keep_from(dict.fromkeys(points(3, 9), 77))
    assert some.horizons(NOW_MS).at(3) == some.horizons(NOW_MS).at(9) == Horizon(77, 77, 77)


class TurnedClock:
    def __init__(self) -> None:
        self.ms, self.ns = NOW_MS, 0

    def now_ms(self) -> int:
        return self.ms

    def monotonic_ns(self) -> int:
        return self.ns


class Told:
    """A historian that notes what it is told to keep."""

    async def retain(self, horizons: Horizons) -> None:
        self.horizons = horizons


async def test_a_clock_that_leaps_ahead_drops_nothing() -> None:
    clock, told = TurnedClock(), Told()
    some = Retention(told, HistoryOptions(raw_days=90), clock)  # type: ignore[arg-type]
    clock.ms, clock.ns = NOW_MS + 5 * DAY_MS, 5 * DAY_MS * 1_000_000
    await some.apply()
    assert told.horizons.default == at_day(915, None, None)
    clock.ms = NOW_MS + 4000 * DAY_MS
    await some.apply()
    assert told.horizons.default == at_day(915, None, None)
    clock.ms = NOW_MS + 3 * DAY_MS
    await some.apply()
    assert told.horizons.default == at_day(913, None, None)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"raw_days": 0}, "raw_days 0: allowed are 1 to 36500"),
        ({"head_bytes": 5}, "head_bytes 5: allowed are 65536 to"),
        ({"max_bytes": 5}, "max_bytes 5: allowed are 10000000 to"),
        ({"rollup_days": 10}, r"rollup_days 10: allowed is raw_days \(kept for ever\) and more"),
        ({"raw_days": 20, "minute_days": 10}, r"minute_days 10: allowed is raw_days \(20 days\) and more"),
        (
            {"raw_days": 2, "minute_days": 30, "rollup_days": 20},
            r"rollup_days 20: allowed is minute_days \(30 days\)",
        ),
    ],
)
def test_what_cannot_work_is_refused_by_name(given: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        HistoryOptions(**given)  # type: ignore[arg-type]
