"""Rows that are put together by columns are the JSON that rows one by one would be."""

import json

import numpy as np
import orjson
from hypothesis import given
from hypothesis import strategies as st

from stripchart.api.t3000.rows import woven, written

Numbers = st.lists(st.floats(allow_infinity=False) | st.just(float("nan")), max_size=20)


@given(values=Numbers)
def test_numbers_are_written_as_json_and_what_is_none_as_null(values: list[float]) -> None:
    texts = written(np.array(values, np.float64))
    assert [json.loads(text) for text in texts] == [None if value != value else value for value in values]  # noqa: PLR0124


@given(values=Numbers, times=st.lists(st.integers(0, 2**40), min_size=20, max_size=20))
def test_columns_and_what_is_the_same_in_all_rows_are_woven_into_rows(values: list[float], times: list[int]) -> None:
    columns: list[list[bytes] | bytes] = [
        b'{"v":',
        written(np.array(values)),
        b',"t":',
        written(np.array(times[: len(values)])),
        b',"s":1},',
    ]
    rows = orjson.loads(b"[" + b"".join(woven(columns, len(values)))[:-1] + b"]")
    wanted = [(None if np.isnan(value) else value, at) for value, at in zip(values, times, strict=False)]
    assert [(row["v"], row["t"]) for row in rows] == wanted
    assert all(row["s"] == 1 for row in rows)
