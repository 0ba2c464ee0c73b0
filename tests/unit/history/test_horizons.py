"""Horizons: what is kept of which point from when on."""

import numpy as np
import pytest

from stripchart.history.horizons import EVER_MS, GONE, KEEP_ALL, KEEP_EVERYTHING, NEVER_MS, Horizon, Horizons

OWN = Horizons.of(Horizon(30, 20, 10), [(7, Horizon(90, 90, 0)), (3, KEEP_ALL)])


def test_a_point_without_a_horizon_of_its_own_has_the_default() -> None:
    assert OWN.at(5) == OWN.at(8) == Horizon(30, 20, 10)
    assert OWN.at(7) == Horizon(90, 90, 0)
    assert OWN.raw_of(np.array([1, 3, 7, 9], np.int32)).tolist() == [30, EVER_MS, 90, 30]
    assert OWN.rollup_of(np.array([7], np.int32)).tolist() == [0]
    assert KEEP_EVERYTHING.raw_of(np.array([1, 2], np.int32)).tolist() == [EVER_MS, EVER_MS]


def test_the_oldest_and_newest_horizon_are_of_all_points() -> None:
    assert (OWN.oldest_ms, OWN.newest_ms) == (EVER_MS, 90)
    assert (KEEP_EVERYTHING.oldest_ms, KEEP_EVERYTHING.newest_ms) == (EVER_MS, EVER_MS)


def test_of_points_that_are_gone_nothing_is_kept() -> None:
    gone = OWN.with_gone([5, 7])
    assert gone.at(5) == gone.at(7) == GONE
    assert gone.at(3) == KEEP_ALL
    assert gone.newest_ms == NEVER_MS


def test_a_floor_holds_for_every_point() -> None:
    raised = OWN.not_before(25)
    assert raised.at(1) == Horizon(30, 25, 25)
    assert raised.at(3) == Horizon(25, 25, 25)
    assert raised.at(7) == Horizon(90, 90, 25)


@pytest.mark.parametrize("horizon", [Horizon(10, 20, 0), Horizon(10, 5, 6)])
def test_roll_ups_cannot_go_before_what_they_sum_up(horizon: Horizon) -> None:
    with pytest.raises(ValueError, match="at least as long"):
        Horizons.of(horizon)
    with pytest.raises(ValueError, match="at least as long"):
        Horizons.of(KEEP_ALL, [(1, horizon)])


def test_how_far_back_buckets_reach_follows_from_their_length() -> None:
    horizon = Horizon(30, 20, 10)
    lengths_ms = (1, 90_000, 60_000, 300_000, 3_600_000, 86_400_000)
    assert [horizon.of_buckets(bucket_ms) for bucket_ms in lengths_ms] == [30, 30, 20, 20, 10, 10]
