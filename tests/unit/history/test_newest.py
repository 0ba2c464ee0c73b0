import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.history.embedded.newest import Newest

LOWEST, HIGHEST = int(np.iinfo(np.int32).min), int(np.iinfo(np.int32).max)
NEAR = st.integers(1, 300)
ANY = st.integers(LOWEST, HIGHEST)


@given(st.lists(st.lists(NEAR | ANY, min_size=1, max_size=20), min_size=1, max_size=6))
def test_each_point_has_one_row_in_the_order_of_points(batches: list[list[int]]) -> None:
    newest = Newest()
    for points in batches:
        asked = np.array(points, np.int32)
        rows = newest.rows(asked)
        assert newest.point_id[rows].tolist() == points
    assert newest.point_id.tolist() == sorted({point for points in batches for point in points})


@pytest.mark.parametrize("points", [[LOWEST, HIGHEST], [1, 1_000_000], list(range(1, 50_000))])
def test_ids_far_apart_take_no_more_memory_than_their_points(points: list[int]) -> None:
    newest = Newest()
    rows = newest.rows(np.array(points, np.int32))
    assert rows.tolist() == list(range(len(points)))
    columns = [column for column in vars(newest).values() if isinstance(column, np.ndarray)]
    assert sum(column.nbytes for column in columns) < 150 * len(points) + 1_000_000
