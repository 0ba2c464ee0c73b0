"""The grid does not drift, and missed slots are counted, never bunched."""

from collections import Counter
from itertools import islice, pairwise

from hypothesis import given
from hypothesis import strategies as st

from stripchart.polling.backoff import delays_s
from stripchart.polling.schedule import Grid, staggered

intervals_s = st.floats(0.1, 3600)


@given(intervals_s, st.integers(0, 100_000), st.integers(0, 10**18))
def test_the_next_slot_is_after_now_and_on_the_grid(interval_s: float, number: int, now_ns: int) -> None:
    grid = staggered(interval_s, number)
    slot_ns = grid.next_slot(now_ns)
    assert now_ns < slot_ns <= now_ns + grid.every_ns
    assert (slot_ns - grid.offset_ns) % grid.every_ns == 0


def test_a_day_of_slow_polls_ends_on_the_slot_it_should() -> None:
    grid = Grid(every_ns=1_000_000_000, offset_ns=123)
    slot_ns = grid.next_slot(0)
    first_ns = slot_ns
    for poll in range(86_400):
        slot_ns = grid.next_slot(slot_ns + 1_000_000 * (poll % 900))
    assert slot_ns - first_ns == 86_400 * grid.every_ns


def test_slots_missed_while_busy_are_counted_once() -> None:
    grid = Grid(every_ns=10, offset_ns=0)
    assert grid.missed(20, grid.next_slot(25)) == 0
    assert grid.missed(20, grid.next_slot(47)) == 2


def test_devices_of_one_interval_are_spread_over_it() -> None:
    offsets = sorted(staggered(1.0, number).offset_ns for number in range(100))
    gaps = [later - earlier for earlier, later in pairwise(offsets)]
    assert max(gaps) < 25_000_000
    assert min(gaps) > 2_000_000


def test_a_thousand_devices_a_second_are_due_in_groups_of_equal_size() -> None:
    devices_due = Counter(staggered(1.0, number).offset_ns for number in range(1000))
    assert len(devices_due) == 200
    assert {4, 5, 6}.issuperset(devices_due.values())


def test_delays_double_up_to_the_longest() -> None:
    assert list(islice(delays_s(first_s=1, longest_s=10), 6)) == [1, 2, 4, 8, 10, 10]
