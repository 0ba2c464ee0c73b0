"""A silent unit is asked less and less often, with one short request; a reply ends that."""

from hypothesis import given
from hypothesis import strategies as st

from stripchart.drivers.modbus.breaker import Breaker, BreakerState
from stripchart.model.link import LinkOptions

OPTIONS = LinkOptions(probe_first_s=1.0, probe_longest_s=60.0)


def opened(now_s: float = 0.0) -> Breaker:
    breaker = Breaker(OPTIONS)
    for _ in range(3):
        breaker.missed(3, now_s)
    return breaker


def test_it_opens_after_a_poll_in_vain_and_says_so_once() -> None:
    breaker = Breaker(OPTIONS)
    assert [breaker.missed(3, 5.0) for _ in range(4)] == [False, False, True, False]
    assert breaker.state is BreakerState.OPEN
    assert breaker.since_s == 5.0


def test_nobody_waits_longer_than_new_options_say() -> None:
    breaker = opened()
    for now_s in (100.0, 200.0, 300.0, 400.0, 500.0, 600.0):
        breaker.probe(1.0, 0.0, now_s)
        breaker.missed(3, now_s)
    assert breaker.wait_s(600.0) > 20
    breaker.configure(LinkOptions(probe_longest_s=2.0), 600.0)
    assert breaker.wait_s(600.0) == 2.0
    breaker.probe(1.0, 0.0, 602.0)
    breaker.missed(3, 602.0)
    assert breaker.wait_s(602.0) <= 2.0


def test_a_reply_in_between_starts_the_count_anew() -> None:
    breaker = Breaker(OPTIONS)
    breaker.missed(2, 0)
    assert not breaker.heard(0)
    assert not breaker.missed(2, 0)
    assert breaker.state is BreakerState.CLOSED


@given(st.integers(1, 30))
def test_the_wait_doubles_up_to_the_longest_with_up_to_half_taken_off(probes: int) -> None:
    breaker, now_s = opened(), 0.0
    for number in range(probes):
        wait_s = breaker.wait_s(now_s)
        full_s = min(2.0**number, 60.0)
        assert full_s / 2 <= wait_s <= full_s
        now_s += wait_s
        breaker.probe(2.0, 0.1, now_s)
        breaker.missed(3, now_s)


def test_while_a_probe_is_under_way_nothing_else_is_asked() -> None:
    breaker = opened()
    breaker.probe(2.0, 0.0, 1.0)
    assert breaker.wait_s(1.5) > 0
    assert breaker.heard(1.6)
    assert breaker.wait_s(1.6) == 0


def test_a_probe_that_told_nothing_may_be_made_again_at_once() -> None:
    breaker = opened()
    breaker.probe(2.0, 0.0, 1.0)
    breaker.abandoned(1.2)
    assert (breaker.state, breaker.wait_s(1.2)) == (BreakerState.OPEN, 0)


@given(timeout_s=st.floats(0.01, 60), slowest_s=st.floats(0.001, 60))
def test_a_probe_is_short_but_each_fourth_is_longer_and_none_beyond_the_time_limit(
    timeout_s: float, slowest_s: float
) -> None:
    breaker = opened()
    limits = [breaker.probe(timeout_s, slowest_s, 0.0) for _ in range(8)]
    long, short = min(timeout_s, max(1.0, 10 * slowest_s)), min(timeout_s, max(0.25, 3 * slowest_s))
    assert limits == [long, short, short, short] * 2


def test_a_unit_whose_time_takes_nobody_elses_gets_all_of_it() -> None:
    assert opened().probe(10.0, 0.0, 0.0) == 10.0
