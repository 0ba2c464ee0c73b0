"""What is looked up in samples and what in roll-ups: together each part of the range, and nothing twice."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stripchart.history.timescale.sources import TIERS, Days, Ranges, sources_of, tier_of

DAYS = Days(frozenset({0, 1, 3}), frozenset())
DAY_MS, HOUR_MS, MINUTE_MS = 86_400_000, 3_600_000, 60_000


def spans_of(ranges: Ranges, point: int) -> list[tuple[int, int]]:
    rows = zip(ranges.point_id, ranges.start_ms, ranges.end_ms, strict=True)
    return [(start, end) for own, start, end in rows if own == point]


def asked(start: int, end: int, raw: int, tier_ms: int | None, days: Days) -> tuple[list[tuple[int, int]], ...]:
    columns = (np.array([7], np.int32), np.array([start]), np.array([raw]))
    found = sources_of(*columns, end, tier_ms, days)
    rollups = [span for ranges in found.rollups.values() for span in spans_of(ranges, 7)]
    return spans_of(found.samples, 7), sorted(rollups)


@given(
    start=st.integers(-3 * DAY_MS, 6 * DAY_MS),
    length=st.integers(0, 6 * DAY_MS),
    raw_day=st.integers(-1, 6),
    tier_ms=st.sampled_from([tier for tier, _ in TIERS]),
    rolled=st.frozensets(st.integers(-3, 9)),
    sealed=st.frozensets(st.integers(-3, 9)),
)
def test_every_part_of_the_range_is_told_once(
    start: int, length: int, raw_day: int, tier_ms: int, rolled: frozenset[int], sealed: frozenset[int]
) -> None:
    end, raw = start + length, raw_day * DAY_MS
    samples, rollups = asked(start, end, raw, tier_ms, Days(rolled, sealed))
    spans = sorted(samples + rollups)
    assert all(low < high for low, high in spans)
    assert all(start <= low and high <= end for low, high in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    missing = length - sum(high - low for low, high in spans)
    assert 0 <= missing < 2 * MINUTE_MS
    for low, high in samples:
        touched = {low // DAY_MS, (high - 1) // DAY_MS}
        assert not any(day in sealed and max(low, day * DAY_MS) < min(high, raw) for day in touched)


def test_days_with_roll_ups_are_told_by_them_and_neighbours_together() -> None:
    samples, rollups = asked(-HOUR_MS, 4 * DAY_MS + HOUR_MS, -(2**62), HOUR_MS, DAYS)
    assert rollups == [(0, 2 * DAY_MS), (3 * DAY_MS, 4 * DAY_MS)]
    assert samples == [(-HOUR_MS, 0), (2 * DAY_MS, 3 * DAY_MS), (4 * DAY_MS, 4 * DAY_MS + HOUR_MS)]


def test_without_whole_minutes_only_samples_are_asked_from_their_horizon_on() -> None:
    assert tier_of(90_000) is None
    assert asked(0, 3 * DAY_MS, DAY_MS, None, Days(frozenset({0, 1}), frozenset({0}))) == ([(DAY_MS, 3 * DAY_MS)], [])


def test_units_of_whole_hours_are_told_by_hours() -> None:
    assert [tier_of(unit) for unit in (MINUTE_MS, 5 * MINUTE_MS, 2 * HOUR_MS, 7 * DAY_MS)] == [
        (MINUTE_MS, "minute"),
        (MINUTE_MS, "minute"),
        (HOUR_MS, "hour"),
        (DAY_MS, "whole_day"),
    ]
