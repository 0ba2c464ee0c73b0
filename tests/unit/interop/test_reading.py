"""A long range in pieces: nothing twice, nothing left out, whatever buckets and zones there are."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stripchart.history.grid import Calendar, Unit, edges_of
from stripchart.interop.moments import iso_times
from stripchart.interop.reading import windows

ZONES = ("Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe")
MOMENTS = st.integers(1_600_000_000_000, 2_000_000_000_000)
GRIDS = st.one_of(
    st.integers(1000, 10_000_000),
    st.builds(Calendar, st.sampled_from([Unit.HOUR, Unit.DAY]), st.sampled_from(ZONES)),
)


@settings(deadline=None)  # the changes of a year's clocks are looked up once
@given(grid=GRIDS, start_ms=MOMENTS, length=st.integers(1, 30_000_000), most=st.integers(1, 50))
def test_windows_cover_the_range_and_begin_where_buckets_do(
    grid: int | Calendar, start_ms: int, length: int, most: int
) -> None:
    span = (start_ms, start_ms + length)
    found = list(windows(grid, span, most))
    assert (found[0][0], found[-1][1]) == span
    assert all(before[1] == after[0] for before, after in pairwise(found))
    edges = set(edges_of(grid, *span).tolist())
    assert all(start in edges for start, _ in found[1:])
    assert all(len(edges_of(grid, *part)) - 1 <= most for part in found)


@settings(deadline=None)  # the changes of a year's clocks are looked up once
@given(at_ms=st.lists(MOMENTS, max_size=20), zone=st.sampled_from(ZONES))
def test_times_are_told_as_clocks_of_the_zone_show_them(at_ms: list[int], zone: str) -> None:
    expected = [
        datetime.fromtimestamp(each // 1000, UTC).astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
        for each in at_ms
    ]
    told = iso_times(np.array(at_ms, np.int64), zone).to_pylist()
    assert [text[:19] + text[23:] for text in told] == expected
    assert [int(text[20:23]) for text in told] == [each % 1000 for each in at_ms]
