"""When a long range in few samples is told fairly."""

from itertools import pairwise

from tests.contract.historians import Row


def are_fair(kept: list[Row], all_: list[Row], most: int) -> None:
    """At most so many, all of them real, the extremes among them, and broken wherever the samples are."""
    assert len(kept) <= most
    assert kept == sorted(kept, key=lambda row: row[1])
    assert set(kept) <= set(all_)
    if len(all_) <= most:
        assert kept == all_
    values = [value for _, _, value in all_ if value is not None]
    shown = [value for _, _, value in kept if value is not None]
    assert bool(values) == bool(shown)
    if values:
        assert (min(shown), max(shown)) == (min(values), max(values))
    bad = [at_ms for _, at_ms, value in all_ if value is None]
    good = [at_ms for _, at_ms, value in kept if value is not None]
    edges = [-(10**18), *good, 10**18]
    for low, high in pairwise(edges):
        is_broken = any(low < at_ms < high for at_ms in bad)
        assert is_broken == any(low < at_ms < high for _, at_ms, value in kept if value is None)
