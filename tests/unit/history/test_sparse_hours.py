"""Sparse hours are what the samples come to, take little room, and say so when they were changed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stripchart.history.embedded.codec import BrokenPieceError
from stripchart.history.embedded.rollup import rolled_up_anyway
from stripchart.history.embedded.segment import SMALL, Segment, segment_rows
from stripchart.history.embedded.spans import Spans, bucketed
from stripchart.history.embedded.sparse_hours import HOUR_MS, packed_hours, read_hours, spans_of_hours
from stripchart.history.grid import Ruler
from stripchart.model.quality import Quality
from stripchart.model.sample import SampleBatch

START = np.zeros(1, np.intp)


@st.composite
def series(draw: st.DrawFn) -> SampleBatch:
    """Samples of a point over some hours: dense or not, with hours left out and hours without a value."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    start_ms = draw(st.integers(-(10**13), 10**13))
    at_ms = start_ms + np.cumsum(random.integers(1, draw(st.integers(2, 200_000)), draw(st.integers(1, 3000))))
    hours = at_ms // HOUR_MS
    kept = ~np.isin(hours, random.choice(hours, draw(st.integers(0, 3))))
    at_ms = at_ms[kept] if kept.any() else at_ms[:1]
    quality = random.choice(np.array([Quality.GOOD, Quality.UNCERTAIN_STALE, Quality.BAD_COMM], np.uint8), len(at_ms))
    quality[random.random(len(at_ms)) < draw(st.floats(0, 1))] = Quality.GOOD
    quality[np.isin(at_ms // HOUR_MS, random.choice(hours, draw(st.integers(0, 3))))] = Quality.BAD_COMM
    value = np.round(random.normal(0, 10.0 ** draw(st.integers(-3, 12)), len(at_ms)), draw(st.integers(-3, 6)))
    value[quality == Quality.BAD_COMM] = np.nan
    return SampleBatch(np.full(len(at_ms), draw(st.integers(-5, 10**6)), np.int32), at_ms, value, quality)


def each_so_often(every_ms: int, count: int = 16_000) -> SampleBatch:
    random = np.random.default_rng(7)
    value = np.round(400 + np.cumsum(random.normal(0, 0.05, count)) + random.normal(0, 0.3, count), 1)
    at_ms = 1_700_000_000_000 + np.arange(count) * every_ms
    return SampleBatch(np.full(count, 3, np.int32), at_ms, value, np.zeros(count, np.uint8))


def read(body: bytes, batch: SampleBatch) -> Spans:
    return spans_of_hours(
        [read_hours(body, int(batch.point_id[0]), int(batch.at_ms[0]), int(batch.at_ms[-1]))],
    )


@given(series())
def test_they_are_what_the_samples_come_to_bit_by_bit(batch: SampleBatch) -> None:
    found, expected = read(packed_hours(batch), batch), bucketed(batch, Ruler(HOUR_MS))
    np.testing.assert_array_equal(found.start_ms // HOUR_MS, expected.start_ms // HOUR_MS)
    assert found.start_ms[0] == batch.at_ms[0]
    assert np.all(found.start_ms <= expected.start_ms)
    for name in ("point_id", "samples", "good", "minimum", "maximum", "total", "first", "last"):
        assert getattr(found, name).tobytes() == getattr(expected, name).tobytes(), name


@given(st.lists(series(), min_size=1, max_size=4))
def test_those_of_many_segments_are_told_together(parts: list[SampleBatch]) -> None:
    bodies = [packed_hours(part) for part in parts]
    keys = [(int(part.point_id[0]), int(part.at_ms[0]), int(part.at_ms[-1])) for part in parts]
    together = spans_of_hours([read_hours(body, *key) for body, key in zip(bodies, keys, strict=True)])
    one_by_one = Spans.joined([read(body, part) for body, part in zip(bodies, parts, strict=True)])
    for name in ("point_id", "start_ms", "samples", "good", "minimum", "maximum", "total", "first", "last"):
        assert getattr(together, name).tobytes() == getattr(one_by_one, name).tobytes(), name


@given(series(), st.data())
def test_a_flipped_bit_or_a_lost_end_is_told(batch: SampleBatch, data: st.DataObject) -> None:
    body = packed_hours(batch)
    place = data.draw(st.integers(0, len(body) - 1))
    for broken in (body[:place], body[:place] + bytes([body[place] ^ 4]) + body[place + 1 :]):
        with pytest.raises(BrokenPieceError):
            read(broken, batch)


def test_hours_of_other_times_are_told() -> None:
    batch = each_so_often(10_000)
    with pytest.raises(BrokenPieceError, match="not those of the segment's times"):
        read_hours(packed_hours(batch), 3, int(batch.at_ms[0]), int(batch.at_ms[-1]) + HOUR_MS)


def test_they_take_a_fifth_of_the_room() -> None:
    batch = each_so_often(10_000)
    assert len(packed_hours(batch)) < len(rolled_up_anyway(batch, HOUR_MS)) / 5


@pytest.mark.parametrize(
    ("every_ms", "samples", "has_hours", "has_sparse_hours"),
    [
        (1000, 16_000, True, False),
        (10_000, 16_000, False, True),
        (10_000, SMALL - 1, False, False),
        (60_000, SMALL, False, True),
        (80_000, 16_000, False, False),
        (100, SMALL, False, False),
    ],
    ids=["dense", "sparse", "small", "each minute", "too sparse", "in one hour"],
)
def test_a_segment_has_one_kind_of_hours_where_they_are_worth_it(
    every_ms: int, samples: int, has_hours: bool, has_sparse_hours: bool
) -> None:
    (row,) = segment_rows(each_so_often(every_ms, samples), START, 1)
    segment = Segment._make(row)
    assert (segment.hours is not None, segment.sparse_hours is not None) == (has_hours, has_sparse_hours)
    assert segment.is_sound
