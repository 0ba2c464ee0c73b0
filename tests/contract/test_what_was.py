"""What points were between and before their samples: in force, held, in a state, counted, and filled in."""

import asyncio
import math
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stripchart.history.base import Buckets, Historian
from stripchart.history.fill import Fill, filled_buckets
from stripchart.history.grid import edges_of
from stripchart.history.held import held_buckets, state_durations
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, SampleBatch
from tests.contract.historians import ADAPTERS, Row, batch_of, many, points, rows_of
from tests.contract.plain import Plain

_ROWS = st.lists(
    st.tuples(st.integers(1, 2), st.integers(-60, 120), st.none() | st.integers(0, 9).map(float)), max_size=30
)
_ROLLOVER = 10.0


@settings(max_examples=25, deadline=None)
@given(rows=_ROWS, start_ms=st.integers(-70, 60), length=st.integers(0, 90), bucket_ms=st.integers(1, 60))
def test_what_was_is_what_plain_counting_says(
    adapter: str, rows: list[Row], start_ms: int, length: int, bucket_ms: int
) -> None:
    async def compare() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with ADAPTERS[adapter](Path(folder)) as historian:
                await historian.append(batch_of(*rows[::2]))
                await historian.append(batch_of(*rows[1::2]))
                plain = Plain.of([*rows[::2], *rows[1::2]])
                span = (start_ms, start_ms + length)
                await compare_in_force(historian, plain, span)
                await compare_held(historian, plain, span, bucket_ms)
                await compare_states(historian, plain, span, bucket_ms)
                await compare_filled(historian, plain, span, bucket_ms)

    asyncio.run(compare())


async def compare_in_force(historian: Historian, plain: Plain, span: tuple[int, int]) -> None:
    for at_ms in (*span, 200):
        found = rows_of(await historian.in_force(points(2, 1, 9, 2), at_ms))
        expected = ((point, plain.in_force(point, at_ms)) for point in (1, 2))
        assert found == [(point, *sample) for point, sample in expected if sample]


async def compare_held(historian: Historian, plain: Plain, span: tuple[int, int], bucket_ms: int) -> None:
    held = await held_buckets(historian, points(2, 1), span, bucket_ms, {PointId(1): _ROLLOVER})
    edges = edges_of(bucket_ms, *span).tolist()
    buckets = list(pairwise(edges))
    assert list(zip(held.point_id.tolist(), held.start_ms.tolist(), strict=True)) == [
        (point, low) for point in (1, 2) for low, _ in buckets
    ]
    for row, (point, bucket) in enumerate((point, bucket) for point in (1, 2) for bucket in buckets):
        part = max(bucket[0], span[0]), min(bucket[1], span[1])
        values = plain.held(point, *part)
        assert (held.span_ms[row], held.held_ms[row]) == (part[1] - part[0], len(values))
        assert held.mean[row] == pytest.approx(np.mean(values) if values else math.nan, nan_ok=True)
        delta = plain.delta(point, span, bucket, _ROLLOVER if point == 1 else None)
        assert held.delta[row] == pytest.approx(math.nan if delta is None else delta, nan_ok=True)


async def compare_states(historian: Historian, plain: Plain, span: tuple[int, int], bucket_ms: int) -> None:
    states = await state_durations(historian, points(2, 1), span, bucket_ms)
    edges = edges_of(bucket_ms, *span).tolist()
    expected = []
    for point in (1, 2):
        for low, high in pairwise(edges):
            values = plain.held(point, max(low, span[0]), min(high, span[1]))
            expected += [(point, low, value, values.count(value)) for value in sorted(set(values))]
    columns = (states.point_id, states.start_ms, states.state, states.ms)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == expected


async def compare_filled(historian: Historian, plain: Plain, span: tuple[int, int], bucket_ms: int) -> None:
    asked = points(1, 2)
    bare = await historian.buckets(asked, *span, bucket_ms)
    for fill in Fill:
        filled = await filled_buckets(historian, asked, span, bucket_ms, fill)
        told = filled.count > 0
        for name in ("point_id", "start_ms", "minimum", "maximum", "mean", "total", "first", "last", "count"):
            np.testing.assert_array_equal(getattr(filled, name)[told], getattr(bare, name))
        if fill is Fill.NONE:
            assert told.all()
            continue
        starts = edges_of(bucket_ms, *span)[:-1].tolist()
        assert list(zip(filled.point_id.tolist(), filled.start_ms.tolist(), strict=True)) == [
            (point, start) for point in (1, 2) for start in starts
        ]
        assert np.isnan(filled.total[~told]).all()
        for row in np.flatnonzero(~told).tolist():
            point, start = int(filled.point_id[row]), max(int(filled.start_ms[row]), span[0])
            value = plain.value_at(point, start)
            expected = {
                Fill.NULL: math.nan,
                Fill.PREVIOUS: math.nan if value is None else value,
                Fill.LINEAR: math.nan if value is None else on_line(filled, bare, row),
            }[fill]
            assert filled.mean[row] == pytest.approx(expected, nan_ok=True)


def on_line(filled: Buckets, bare: Buckets, row: int) -> float:
    """The mean on the line between the buckets before and after that have samples."""
    own = np.flatnonzero(bare.point_id == filled.point_id[row])
    before = own[bare.start_ms[own] < filled.start_ms[row]]
    after = own[bare.start_ms[own] > filled.start_ms[row]]
    if not len(before) or not len(after):
        return math.nan
    ends = [before[-1], after[0]]
    if np.isnan(bare.mean[ends]).any():
        return math.nan
    return float(np.interp(filled.start_ms[row], bare.start_ms[ends], bare.mean[ends]))


async def test_a_bad_sample_ends_what_held_and_is_not_filled_over(historian: Historian) -> None:
    await historian.append(batch_of((1, 0, 4.0), (1, 10, None), (1, 40, 8.0)))
    held = await held_buckets(historian, points(1), (0, 60), 20)
    assert held.held_ms.tolist() == [10, 0, 20]
    np.testing.assert_array_equal(held.held_percent, [50.0, 0.0, 100.0])
    np.testing.assert_array_equal(held.mean, [4.0, np.nan, 8.0])
    for fill in (Fill.PREVIOUS, Fill.LINEAR):
        filled = await filled_buckets(historian, points(1), (0, 60), 20, fill)
        np.testing.assert_array_equal(filled.last, [4.0, np.nan, 8.0])
        np.testing.assert_array_equal(filled.good_percent, [50.0, np.nan, 100.0])


async def test_a_value_from_before_the_range_holds_into_it_and_fills_it(historian: Historian) -> None:
    await historian.append(batch_of((1, -1000, 5.0), (1, 30, 7.0), (2, -1000, None)))
    held = await held_buckets(historian, points(1, 2), (0, 40), 20)
    np.testing.assert_array_equal(held.mean, [5.0, 6.0, np.nan, np.nan])
    filled = await filled_buckets(historian, points(1, 2), (0, 80), 20, Fill.PREVIOUS)
    np.testing.assert_array_equal(filled.mean, [5.0, 7.0, 7.0, 7.0, *[np.nan] * 4])
    assert filled.count.tolist() == [0, 1, 0, 0, 0, 0, 0, 0]
    lines = await filled_buckets(historian, points(1), (0, 80), 20, Fill.LINEAR)
    np.testing.assert_array_equal(lines.mean, [np.nan, 7.0, np.nan, np.nan])


async def test_a_late_sample_changes_what_was_in_force(historian: Historian) -> None:
    await historian.append(batch_of((1, 10, 1.0), (1, 30, 3.0)))
    await historian.append(batch_of((1, 20, 2.0)))
    assert rows_of(await historian.in_force(points(1), 29)) == [(1, 20, 2.0)]
    held = await held_buckets(historian, points(1), (10, 40), 1000)
    assert held.mean.tolist() == [2.0]


@pytest.mark.parametrize(
    ("values", "rollover", "steps"),
    [
        ([10.0, 12.0, 15.0], None, [0.0, 2.0, 3.0]),
        ([90.0, 95.0, 5.0], 100.0, [0.0, 5.0, 10.0]),
        ([90.0, 95.0, 5.0], None, [0.0, 5.0, 5.0]),
        ([40.0, 5.0, 7.0], 100.0, [0.0, 5.0, 2.0]),
        ([40.0, 39.0, 41.0], 100.0, [0.0, -1.0, 2.0]),
        ([40.0, None, 45.0], None, [0.0, 0.0, 5.0]),
        ([None, 0.0, 1.0], None, [math.nan, 0.0, 1.0]),
    ],
)
async def test_a_counter_goes_on_through_rollover_reset_dip_and_loss(
    historian: Historian, values: list[float | None], rollover: float | None, steps: list[float]
) -> None:
    await historian.append(batch_of(*((1, number * 10, value) for number, value in enumerate(values))))
    rollovers = {PointId(1): rollover} if rollover else None
    held = await held_buckets(historian, points(1), (0, 30), 10, rollovers)
    expected = [
        math.nan if step == 0.0 and value is None else step for step, value in zip(steps, values, strict=True)
    ]
    np.testing.assert_array_equal(held.delta, expected)


async def test_a_counter_goes_on_from_what_it_showed_before_it_was_lost(historian: Historian) -> None:
    await historian.append(batch_of((1, -500_000_000, 100.0), (1, -20, None), (1, 5, 107.0)))
    held = await held_buckets(historian, points(1), (0, 10), 10)
    assert held.delta.tolist() == [7.0]


async def test_an_impossible_step_of_a_counter_is_no_consumption(historian: Historian) -> None:
    value = np.array([100.0, 5.0, 101.0, 9000.0, 9000.0, 102.0])
    quality = np.array([0, Quality.UNCERTAIN_STEP, 0, Quality.UNCERTAIN_STEP, Quality.UNCERTAIN_STEP, 0], np.uint8)
    at_ms = np.arange(6) * 10
    await historian.append(SampleBatch(np.ones(6, np.int32), at_ms, value, quality))
    held = await held_buckets(historian, points(1), (0, 60), 60)
    assert held.delta.tolist() == [2.0]
    held = await held_buckets(historian, points(1), (50, 60), 60)
    assert held.delta.tolist() == [1.0]
    held = await held_buckets(historian, points(1), (20, 60), 60)
    assert held.delta.tolist() == [2.0]


async def test_a_counter_that_was_lost_for_long_goes_on_from_its_last_value(historian: Historian) -> None:
    lost = [(1, 10 + number, None) for number in range(100)]
    await historian.append(
        batch_of((1, 0, 100.0), *lost, (1, 500, 108.0), *((2, at_ms, None) for _, at_ms, _ in lost))
    )
    held = await held_buckets(historian, points(1, 2), (400, 800), 400)
    np.testing.assert_array_equal(held.delta, [8.0, np.nan])


async def test_empty_ranges_and_unknown_points_have_nothing_to_tell(historian: Historian) -> None:
    await historian.append(batch_of((1, 10, 1.0)))
    for span in ((20, 20), (30, 10)):
        assert len(await held_buckets(historian, points(1), span, 10)) == 0
        assert len(await state_durations(historian, points(1), span, 10)) == 0
        assert len(await filled_buckets(historian, points(1), span, 10, Fill.PREVIOUS)) == 0
    assert len(await held_buckets(historian, [], (0, 100), 10)) == 0
    unknown = await held_buckets(historian, points(9), (0, 20), 10)
    assert unknown.held_ms.tolist() == [0, 0]
    assert np.isnan(unknown.mean).all()
    assert np.isnan(unknown.delta).all()
    assert len(await historian.in_force(points(9), 100)) == 0
    assert len(await historian.in_force([], 100)) == 0


async def test_long_ranges_are_weighed_in_pieces_as_if_in_one(adapter: str, tmp_path: Path) -> None:
    count = many(adapter, 300_000)
    random = np.random.default_rng(7)
    at_ms = np.cumsum(random.integers(1, 20, count))
    quality = np.where(random.random(count) < 0.01, Quality.BAD_COMM, Quality.GOOD).astype(np.uint8)
    value = np.where(quality == 0, np.cumsum(random.integers(0, 3, count)).astype(np.float64) % 1000, np.nan)
    async with ADAPTERS[adapter](tmp_path) as historian:
        await historian.append(SampleBatch(np.ones(count, np.int32), at_ms, value, quality))
    async with ADAPTERS[adapter](tmp_path) as historian:
        span = int(at_ms[0]), int(at_ms[-1]) + 5
        held = await held_buckets(historian, points(1), span, 100_000, {PointId(1): 1000.0})
        states = await state_durations(historian, points(1), span, 100_000)
        middle = int(at_ms[count // 2])
        assert rows_of(await historian.in_force(points(1), middle)) == rows_of(
            await historian.read(points(1), middle, middle + 1, limit=1)
        )
    ms = np.diff(np.append(at_ms, span[1]))
    good = quality == 0
    assert held.held_ms.sum() == ms[good].sum() == states.ms.sum()
    assert np.nansum(held.mean * held.held_ms) == pytest.approx((value * ms)[good].sum())
    assert (states.state * states.ms).sum() == pytest.approx((value * ms)[good].sum())
    steps = np.diff(value[good])
    assert np.nansum(held.delta) == pytest.approx(np.where(steps < 0, steps + 1000, steps).sum())
