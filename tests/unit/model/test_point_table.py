"""Points with rows, and the many without."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stripchart.model.point_table import NO_ROW, PointTable

FIELDS: list[tuple[str, type[np.generic]]] = [("level", np.int8), ("bound", np.float64)]


def a_table() -> PointTable:
    return PointTable(FIELDS, blank=(3, np.nan))


def ids(*points: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array(points, np.int32)


def test_a_point_that_was_not_added_has_no_row_however_high_it_is() -> None:
    table = a_table()
    assert table.rows(ids(0, 5, 2**31 - 1)).tolist() == [NO_ROW] * 3
    table.add(ids(5))
    assert table.rows(ids(0, 5, 6, 2**31 - 1)).tolist() == [NO_ROW, 0, NO_ROW, NO_ROW]


def test_a_new_row_is_blank_and_keeps_what_is_written() -> None:
    table = a_table()
    rows = table.add(ids(9, 4))
    assert table["level"][rows].tolist() == [3, 3]
    assert np.isnan(table["bound"][rows]).all()
    table["level"][rows] = [1, 2]
    rows = table.add(ids(4, 7, 9))
    assert table["level"][rows].tolist() == [2, 3, 1]
    assert len(table) == 3


def test_nothing_added_changes_nothing() -> None:
    table = a_table()
    assert table.add(ids()).tolist() == table.rows(ids()).tolist() == []
    assert len(table) == 0


@given(st.lists(st.lists(st.integers(0, 300), unique=True), max_size=12))
def test_rows_are_those_of_a_dictionary(turns: list[list[int]]) -> None:
    table, known = a_table(), dict[int, int]()
    for turn, points in enumerate(turns):
        rows = table.add(ids(*points))
        table["bound"][rows] = turn
        known.update(dict.fromkeys(points, turn))
        rows = table.rows(ids(*range(302)))
        assert {point: table["bound"][row] for point, row in enumerate(rows) if row != NO_ROW} == known
        assert len(table) == len(known)
