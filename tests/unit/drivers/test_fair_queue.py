"""Units get equal shares of a line's time, and none starves."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.drivers.modbus.fair_queue import FairQueue


def test_requests_of_one_unit_are_served_in_the_order_they_came() -> None:
    queue: FairQueue[int] = FairQueue()
    for number in range(5):
        queue.put(1, number)
    assert [queue.take() for _ in range(5)] == list(range(5))
    with pytest.raises(IndexError):
        queue.take()


def test_units_take_turns_however_many_requests_one_of_them_has() -> None:
    queue: FairQueue[str] = FairQueue()
    for number in range(3):
        queue.put(1, f"1.{number}")
    for unit in (2, 3):
        queue.put(unit, f"{unit}.0")
    served = []
    while queue:
        served.append(queue.take())
        queue.charge(int(served[-1][0]), 0.1)
    assert served == ["1.0", "2.0", "3.0", "1.1", "1.2"]


def test_who_comes_back_after_a_rest_has_saved_up_nothing() -> None:
    queue: FairQueue[int] = FairQueue()
    for _ in range(100):
        queue.put(1, 1)
        queue.charge(queue.take(), 1.0)
    for unit in (1, 2, 1, 2, 1, 2):
        queue.put(unit, unit)
    served = []
    while queue:
        served.append(queue.take())
        queue.charge(served[-1], 1.0)
    assert served[:3] in ([2, 1, 2], [2, 2, 1])


@given(st.lists(st.floats(0.01, 5.0), min_size=2, max_size=20))
def test_slow_units_get_the_same_time_as_fast_ones(takes_s: list[float]) -> None:
    """All units always want something; nobody is ever more than one request ahead of anybody else."""
    queue: FairQueue[int] = FairQueue()
    for unit in range(len(takes_s)):
        queue.put(unit, unit)
    used_s: defaultdict[int, float] = defaultdict(float)
    for _ in range(400):
        unit = queue.take()
        used_s[unit] += takes_s[unit]
        queue.charge(unit, takes_s[unit])
        queue.put(unit, unit)
    accounts = [used_s[unit] for unit in range(len(takes_s))]
    assert max(accounts) - min(accounts) <= max(takes_s) + 1e-6


def test_drain_leaves_nobody_waiting() -> None:
    queue: FairQueue[int] = FairQueue()
    for unit in (1, 2, 1):
        queue.put(unit, unit)
    assert sorted(queue.drain()) == [1, 1, 2]
    assert len(queue) == 0
