"""Ordering and summing up, against the plain way."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stripchart.history.embedded.newest import Newest
from stripchart.history.embedded.ordering import group_starts, in_file_order, like_the_group_before
from stripchart.history.embedded.rollup import rolled_up, spans_of
from stripchart.history.embedded.spans import Spans, as_buckets, bucketed, in_buckets
from stripchart.history.grid import Ruler
from stripchart.model.sample import SampleBatch
from tests.unit.history.batches import assert_same, batch_of, batches

_FEW = batches(point_ids=st.integers(0, 3), times=st.integers(-50, 50), values=st.floats(-1e6, 1e6))


@given(batches() | _FEW)
def test_the_order_of_the_files_is_by_point_then_time_and_the_last_wins(batch: SampleBatch) -> None:
    columns = (batch.point_id, batch.at_ms, batch.value, batch.quality)
    last = {row[:2]: row for row in zip(*(column.tolist() for column in columns), strict=True)}
    assert_same(in_file_order(batch), batch_of([last[key] for key in sorted(last)]))


@given(_FEW)
def test_groups_with_the_times_of_the_one_before_are_known(batch: SampleBatch) -> None:
    ordered = in_file_order(batch)
    starts = group_starts(ordered.point_id)
    times = [part.tolist() for part in np.split(ordered.at_ms, starts[1:])] if len(starts) else []
    expected = [number > 0 and times[number] == times[number - 1] for number in range(len(times))]
    assert like_the_group_before(ordered.at_ms, starts).tolist() == expected


@given(_FEW, st.integers(1, 60), st.integers(1, 60))
def test_sums_of_parts_are_the_sums_of_the_whole(batch: SampleBatch, fine_ms: int, times: int) -> None:
    ordered = in_file_order(batch)
    fine, coarse = bucketed(ordered, Ruler(fine_ms)), bucketed(ordered, Ruler(fine_ms * times))
    are_equal(in_buckets(fine, Ruler(fine_ms * times)), coarse, fine_ms * times)


@given(_FEW, st.integers(1, 60), st.data())
def test_samples_between_spans_are_summed_up_in_order(
    batch: SampleBatch, bucket_ms: int, data: st.DataObject
) -> None:
    ordered, ruler = in_file_order(batch), Ruler(bucket_ms)
    start_ms, end_ms = sorted((data.draw(st.integers(-50, 50)), data.draw(st.integers(-50, 50))))
    inside = (ordered.at_ms >= start_ms) & (ordered.at_ms < end_ms)
    spans = bucketed(ordered.where(inside), ruler)
    parts = Spans.joined([spans, bucketed(ordered.where(~inside), ruler, spans)])
    are_equal(in_buckets(parts, ruler), bucketed(ordered, ruler), bucket_ms)


@given(st.lists(st.integers(300, 2000), min_size=1, max_size=4), st.integers(0, 10**6), st.integers(10, 200))
def test_roll_ups_are_what_the_samples_come_to(lengths: list[int], start_ms: int, every_ms: int) -> None:
    random = np.random.default_rng(start_ms)
    ids = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    quality = random.choice(np.array([0, 0, 0x81], np.uint8), len(ids))
    value = np.where(quality < 0x80, random.normal(0, 9, len(ids)), np.nan)
    at_ms = start_ms + np.concatenate([np.arange(length) * every_ms for length in lengths])
    batch = SampleBatch(ids, at_ms, value, quality)
    bodies = rolled_up(batch, group_starts(ids), 60_000)
    kept = [(point, body) for point, body in enumerate(bodies) if body is not None]
    if kept:
        rolled = spans_of([point for point, _ in kept], [body for _, body in kept])
        expected = bucketed(batch.where(np.isin(ids, [point for point, _ in kept])), Ruler(60_000))
        are_equal(rolled, expected, 60_000)


@given(st.lists(batches(max_size=8) | _FEW, max_size=8))
def test_the_newest_of_each_point_is_known(given: list[SampleBatch]) -> None:
    newest, seen = Newest(), SampleBatch.empty()
    for batch in given:
        before = in_file_order(seen)
        late = newest.note(batch)
        seen = SampleBatch.joined([seen, batch])
        in_order = ~np.isin(batch.point_id, late)
        others = before.where(~np.isin(before.point_id, late))
        after = in_file_order(SampleBatch.joined([others, batch.where(in_order)]))
        assert len(after) == len(others) + np.count_nonzero(in_order)
    ordered = in_file_order(seen)
    last = np.append(ordered.point_id[1:] != ordered.point_id[:-1], True)[: len(ordered)]
    assert_same(newest.samples(), ordered.where(last))


def are_equal(found: Spans, expected: Spans, bucket_ms: int) -> None:
    told, right = as_buckets(found, Ruler(bucket_ms)), as_buckets(expected, Ruler(bucket_ms))
    for name in ("point_id", "start_ms", "minimum", "maximum", "first", "last", "good_count", "count"):
        np.testing.assert_array_equal(getattr(told, name), getattr(right, name), name)
    np.testing.assert_allclose(told.mean, right.mean, atol=1e-6)
