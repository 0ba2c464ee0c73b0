"""Long ranges in few samples: the peaks are there, the gaps are there, and nothing is invented."""

import itertools
from itertools import pairwise
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stripchart.history.base import Historian
from stripchart.history.reduce import FEWEST, reduced, reduced_in_pieces
from stripchart.model.sample import SampleBatch
from tests.contract.fair import are_fair
from tests.contract.historians import ADAPTERS, Row, batch_of, many, points, rows_of

_VALUES = st.lists(st.none() | st.integers(-50, 50).map(float) | st.floats(-1e9, 1e9), max_size=200)


@given(
    values=_VALUES,
    steps=st.lists(st.integers(1, 10**6) | st.just(10**12), min_size=200, max_size=200),
    most=st.integers(FEWEST, 60),
)
def test_whatever_is_reduced_keeps_its_peaks_and_gaps(
    values: list[float | None], steps: list[int], most: int
) -> None:
    at_ms = np.cumsum(steps).tolist()
    rows = [(1, at, value) for at, value in zip(at_ms, values, strict=False)]
    are_fair(rows_of(reduced(batch_of(*rows), most)), rows, most)


def test_each_part_shows_its_own_peaks() -> None:
    value = np.zeros(100_000)
    peaks = np.arange(500, 100_000, 1000)
    value[peaks], value[peaks + 100] = 10.0, -10.0
    at_ms = np.arange(100_000) * 1000
    kept = reduced(SampleBatch(np.ones(100_000, np.int32), at_ms, value, np.zeros(100_000, np.uint8)), 2000)
    assert np.isin(at_ms[peaks], kept.at_ms).all()
    assert np.isin(at_ms[peaks + 100], kept.at_ms).all()
    assert len(kept) <= 2000


def test_a_last_sample_that_stands_alone_is_shown() -> None:
    rows: list[Row] = [(1, second * 1000, float(second)) for second in range(40)]
    rows.append((1, 3_600_000, -50.0))
    are_fair(rows_of(reduced(batch_of(*rows), FEWEST)), rows, FEWEST)


def test_a_range_cannot_be_shown_in_too_few_samples() -> None:
    with pytest.raises(ValueError, match="9 samples"):
        reduced(batch_of((1, 1, 1.0)), 9)


@example(values=[None] * 30, lengths=[], most=30, expected=91)
@given(
    values=_VALUES,
    lengths=st.lists(st.integers(0, 60), max_size=8),
    most=st.integers(FEWEST, 60),
    expected=st.integers(0, 300),
)
def test_pieces_are_reduced_as_fairly_as_the_whole(
    values: list[float | None], lengths: list[int], most: int, expected: int
) -> None:
    rows: list[Row] = [(1, number, value) for number, value in enumerate(values)]
    edges = [0, *np.minimum(np.cumsum(lengths, dtype=np.int64), len(rows)).tolist(), len(rows)]
    pieces = [batch_of(*rows[low:high]) for low, high in pairwise(edges)]
    with mock.patch("stripchart.history.reduce._WORTH_IT", 30):
        are_fair(rows_of(reduced_in_pieces(pieces, most, expected)), rows, most)


async def test_many_points_are_reduced_at_once(adapter: str, tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    count = many(adapter, 70_000)
    batches = []
    for point in (3, 4, 7):
        quality = np.where(random.random(count) < 0.001, 0x81, 0).astype(np.uint8)
        value = np.where(quality == 0, np.cumsum(random.normal(0, 1, count)), np.nan)
        at_ms = np.cumsum(random.integers(1, 20_000, count))
        batches.append(SampleBatch(np.full(count, point, np.int32), at_ms, value, quality))
    late = np.arange(3 * count) % 997 == 0
    whole = SampleBatch.joined(batches)
    async with ADAPTERS[adapter](tmp_path) as historian:
        await historian.append(whole.where(~late))
    async with ADAPTERS[adapter](tmp_path) as historian:
        await historian.append(whole.where(late))
        found = await historian.reduced(points(7, 3, 99, 4), 0, 10**15, 500)
        assert np.unique(found.point_id).tolist() == [3, 4, 7]
        assert (np.diff(found.point_id) >= 0).all()
        for batch in batches:
            kept = found.where(found.point_id == batch.point_id[0])
            are_fair(rows_of(kept), rows_of(batch), 500)
            np.testing.assert_array_equal(kept.quality, batch.quality[np.isin(batch.at_ms, kept.at_ms)])
        span = int(batches[0].at_ms[9]), int(batches[0].at_ms[29])
        few = await historian.reduced(points(3), *span, 500)
        assert rows_of(few) == rows_of(batches[0])[9:29]


async def test_runs_of_bad_samples_stay_gaps_however_few_are_told(historian: Historian) -> None:
    random = np.random.default_rng(3)
    rows: list[Row] = []
    for point, often in ((1, 0.5), (2, 0.05), (3, 1.0), (4, 0.0)):
        is_bad = np.repeat(random.random(60) < often, 10)
        at_ms = np.cumsum(np.where(random.random(600) < 0.02, 10**7, 1))
        value = np.cumsum(random.normal(0, 1, 600))
        rows += [(point, int(at_ms[n]), None if is_bad[n] else float(value[n])) for n in range(600)]
    await historian.append(batch_of(*rows))
    for most, few in itertools.product((FEWEST, 11, 60, 400), (0, 100_000)):
        # With 0 a server looks for the peaks itself, as it does where there are many.
        with mock.patch("stripchart.history.timescale.reducing._FEW", few):
            found = await historian.reduced(points(1, 2, 3, 4), 0, 10**12, most)
        for point in (1, 2, 3, 4):
            kept = rows_of(found.where(found.point_id == point))
            are_fair(kept, [row for row in rows if row[0] == point], most)


async def test_there_is_nothing_to_reduce_in_an_empty_range(historian: Historian) -> None:
    await historian.append(batch_of((1, 10, 1.0)))
    assert len(await historian.reduced(points(1), 20, 20, 100)) == 0
    assert len(await historian.reduced(points(1), 30, 20, 100)) == 0
    assert len(await historian.reduced([], 0, 20, 100)) == 0
    with pytest.raises(ValueError, match="9 samples"):
        await historian.reduced(points(1), 0, 20, 9)
