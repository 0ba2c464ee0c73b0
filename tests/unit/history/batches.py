"""Batches as hypothesis draws them."""

import numpy as np
from hypothesis import strategies as st

from stripchart.model.quality import FIRST_BAD, Quality
from stripchart.model.sample import SampleBatch

_QUALITIES = st.sampled_from([Quality.GOOD, Quality.GOOD, Quality.UNCERTAIN_STALE, Quality.BAD_COMM])
_POINTS = st.integers(-3, 3) | st.integers(0, 200_000)
_TIMES = st.integers(-100, 100) | st.integers(-(10**15), 10**15)
_VALUES = st.floats(allow_nan=False, width=64)


def batches(
    point_ids: st.SearchStrategy[int] = _POINTS,
    times: st.SearchStrategy[int] = _TIMES,
    values: st.SearchStrategy[float] = _VALUES,
    max_size: int = 80,
) -> st.SearchStrategy[SampleBatch]:
    """Batches in any order, with repetitions; values are NaN exactly where the quality is bad."""
    row = st.tuples(
        point_ids,
        times,
        values,
        _QUALITIES,
    )
    return st.lists(row, max_size=max_size).map(batch_of)


def batch_of(rows: list[tuple[int, int, float, Quality]]) -> SampleBatch:
    quality = np.array([row[3] for row in rows], np.uint8)
    value = np.array([row[2] for row in rows], np.float64)
    return SampleBatch(
        np.array([row[0] for row in rows], np.int32),
        np.array([row[1] for row in rows], np.int64),
        np.where(quality < FIRST_BAD, value, np.nan),
        quality,
    )


def assert_same(found: SampleBatch, expected: SampleBatch) -> None:
    """Bit for bit."""
    np.testing.assert_array_equal(found.point_id, expected.point_id)
    np.testing.assert_array_equal(found.at_ms, expected.at_ms)
    np.testing.assert_array_equal(found.quality, expected.quality)
    known = expected.has_value
    assert found.value[known].tobytes() == expected.value[known].tobytes()
    assert np.isnan(found.value[~known]).all()
