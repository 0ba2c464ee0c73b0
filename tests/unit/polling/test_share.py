"""Links are spread over collectors, and only those move that must."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from stripchart.polling.share import chosen, shared

NAMES = st.text(min_size=1, max_size=12)
KEYS = st.sets(NAMES, max_size=30)
COLLECTORS = st.sets(NAMES, min_size=1, max_size=6)


def holders(keys: set[str], collectors: set[str]) -> dict[str, str | None]:
    return {key: chosen(key, collectors) for key in keys}


@settings(deadline=None)
@given(KEYS, COLLECTORS)
def test_every_link_has_one_of_the_collectors_whatever_their_order(keys: set[str], collectors: set[str]) -> None:
    for key in keys:
        assert chosen(key, sorted(collectors)) == chosen(key, sorted(collectors, reverse=True))
        assert chosen(key, collectors) in collectors


@settings(deadline=None)
@given(KEYS, COLLECTORS, NAMES)
def test_a_collector_that_comes_takes_links_and_moves_no_other(
    keys: set[str], collectors: set[str], new: str
) -> None:
    before, after = holders(keys, collectors), holders(keys, collectors | {new})
    assert all(after[key] in {before[key], new} for key in keys)


@settings(deadline=None)
@given(KEYS, COLLECTORS)
def test_a_collector_that_goes_moves_its_own_links_alone(keys: set[str], collectors: set[str]) -> None:
    gone = min(collectors)
    before, after = holders(keys, collectors), holders(keys, collectors - {gone})
    assert all(after[key] == before[key] for key in keys if before[key] != gone)


def test_without_collectors_nobody_has_anything() -> None:
    assert chosen("tcp://10.0.0.1:502", []) is None
    assert shared({"tcp://10.0.0.1:502": []}) == {}


def test_links_are_spread_evenly() -> None:
    collectors = ["a", "b", "c", "d"]
    counts = Counter(chosen(f"tcp://10.0.{host // 250}.{host % 250}:502", collectors) for host in range(4000))
    assert set(counts) == set(collectors)
    assert max(counts.values()) < 1.2 * min(counts.values())


def test_what_only_one_can_reach_is_its_own() -> None:
    share = shared({"/dev/ttyUSB0": ["b"], "tcp://10.0.0.1:502": ["a"]})
    assert share == {"b": {"/dev/ttyUSB0"}, "a": {"tcp://10.0.0.1:502"}}
