"""The gap follows the link's speed, and the pause the unit's need."""

import pytest

from stripchart.drivers.modbus.pace import PauseSearch, RoundTrips, best_gap
from stripchart.model.limits import RoundTrip


def test_a_line_of_9600_baud_is_told_from_its_round_trips() -> None:
    trips = RoundTrips()
    per_register_s, fixed_s = 2 * 10 / 9600, 0.035
    for count in range(40):
        for registers in (2, 10, 60):
            late_s = 0.2 if count % 3 else 0.0  # the queue before it only makes a request longer
            trips.note(registers, fixed_s + registers * per_register_s + late_s)
    trip = trips.fitted()
    assert trip is not None
    assert trip.request_s == pytest.approx(fixed_s, rel=0.2)
    assert trip.register_s == pytest.approx(per_register_s, rel=0.2)
    assert best_gap(trip) == pytest.approx(17, abs=3)


def test_lengths_that_are_alike_tell_no_speed() -> None:
    trips = RoundTrips()
    trips.note(100, 0.01)
    trips.note(103, 0.01)
    assert trips.fitted() is None
    assert trips.typical() == RoundTrip(0.01, 0.0)


def test_where_registers_cost_nothing_the_gap_is_as_wide_as_a_request() -> None:
    assert best_gap(RoundTrip(0.001, 0.0)) == 124


def needs(pause_s: float, requests: int) -> tuple[PauseSearch, int]:
    """A unit that ignores what comes sooner; each request is made again half a second later."""
    search, ignored = PauseSearch(), 0
    for _ in range(requests):
        rest_s = max(0.001, search.pause_s)
        if rest_s < pause_s:
            ignored += 1
            search.failed(rest_s)
            rest_s = 0.5
        search.answered(rest_s)
    return search, ignored


@pytest.mark.parametrize("pause_s", [0.01, 0.05, 0.07, 0.3])
def test_the_needed_pause_is_found_within_a_factor_of_two(pause_s: float) -> None:
    search, ignored = needs(pause_s, 60)
    assert pause_s <= search.pause_s <= max(2 * pause_s, 0.05)
    assert ignored <= 12


def test_frames_lost_by_chance_need_no_pause() -> None:
    search = PauseSearch()
    for number in range(500):
        if number % 10 == 0:
            search.failed(0.001)
            search.answered(0.5)
        search.answered(0.001)
    assert search.pause_s == 0


def test_a_block_that_is_never_answered_needs_no_pause() -> None:
    search = PauseSearch()
    for _ in range(50):
        search.answered(0.001)
        search.failed(0.001)
        search.failed(0.5)
    assert search.pause_s == 0
