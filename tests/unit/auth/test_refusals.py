"""Whoever guesses all day long does not fill the disk."""

from stripchart.auth.refusals import Refusals


def test_so_many_pass_in_a_window_and_the_next_that_passes_counts_the_others() -> None:
    refusals = Refusals(most=2, window_s=60)
    assert [refusals.admit(second) for second in (0, 1, 2, 3, 59)] == [0, 0, None, None, None]
    assert [refusals.admit(second) for second in (60, 61, 62)] == [3, 0, None]
