"""Columns, journal records and bundles come back as they were, and say so when they were changed."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as columns

from stripchart.history.embedded.bundle import Directory, bundle_row, bundled, points_of, read_bundle
from stripchart.history.embedded.codec import BrokenPieceError, pack, pack_values, unpack
from stripchart.history.embedded.ordering import in_file_order
from stripchart.history.embedded.record import read_records, write_record
from stripchart.history.embedded.rollup import rolled_up
from stripchart.history.embedded.segment import (
    Segment,
    bodies,
    read_segment,
    segment_rows,
    segment_starts,
)
from stripchart.model.sample import PointId, SampleBatch
from tests.unit.history.batches import assert_same, batches

_LENGTHS = st.integers(0, 300)


@given(columns.arrays(np.float64, _LENGTHS) | columns.arrays(np.int64, _LENGTHS) | columns.arrays(np.uint8, _LENGTHS))
def test_every_bit_of_a_column_comes_back(column: np.ndarray[Any, Any]) -> None:
    found = unpack(pack(column))
    assert found.dtype == column.dtype
    assert found.tobytes() == column.tobytes()


def test_a_column_like_a_measurement_takes_a_byte_a_sample() -> None:
    random = np.random.default_rng(7)
    column = np.round(400 + np.cumsum(random.normal(0, 0.05, 8640)), 1)
    assert len(pack(column)) < len(column)


def test_regular_times_take_almost_nothing() -> None:
    assert len(pack(np.arange(0, 8640 * 10_000, 10_000))) < 100


@given(columns.arrays(np.float64, 50, elements=st.floats(allow_nan=False)), columns.arrays(np.bool_, 50))
def test_values_come_back_where_there_were_some(
    value: np.ndarray[Any, np.dtype[np.float64]], has_value: np.ndarray[Any, np.dtype[np.bool_]]
) -> None:
    found = unpack(pack_values(np.where(has_value, value, np.nan), has_value))
    assert found[has_value].tobytes() == value[has_value].tobytes()
    assert not np.isnan(found).any()


@pytest.mark.parametrize("body", [b"", b"x123", b"p", b"p123456"])
def test_what_is_no_column_is_said_to_be_broken(body: bytes) -> None:
    with pytest.raises(BrokenPieceError):
        unpack(body)


@given(batch=batches(), texts=st.dictionaries(st.integers(0, 99), st.tuples(st.integers(0, 10**13), st.text())))
def test_a_batch_comes_back_from_the_journal(batch: SampleBatch, texts: dict[int, tuple[int, str]]) -> None:
    named = {PointId(point): text for point, text in texts.items()}
    batch = SampleBatch(batch.point_id, batch.at_ms, batch.value, batch.quality, named)
    (record,) = read_records(write_record(7, batch))
    assert record.sequence == 7
    assert_same(record.batch, batch)
    assert record.batch.texts == named


@given(given=st.lists(batches(max_size=5), min_size=1, max_size=5), data=st.data())
def test_a_torn_journal_gives_all_records_before_the_tear(given: list[SampleBatch], data: st.DataObject) -> None:
    records = [write_record(number, batch) for number, batch in enumerate(given)]
    content = b"".join(records)
    torn_at = data.draw(st.integers(0, len(content) - 1))
    whole = [end for end in np.cumsum([len(record) for record in records]).tolist() if end <= torn_at]
    assert [record.end for record in read_records(content[:torn_at])] == whole
    flipped = content[:torn_at] + bytes([content[torn_at] ^ 1]) + content[torn_at + 1 :]
    assert [record.end for record in read_records(flipped)] == whole


@given(batches(point_ids=st.integers(-5, 3000)))
def test_samples_come_back_from_bundles(batch: SampleBatch) -> None:
    ordered = in_file_order(batch)
    rows = [bundle_row(number, 0, piece) for number, piece in enumerate(bundled(ordered), start=1)]
    parts = [read_bundle(row) for row in rows]
    assert_same(SampleBatch.joined(parts), ordered)
    for row, part in zip(rows, parts, strict=True):
        assert points_of(row).tolist() == np.unique(part.point_id).tolist()
        assert len(set((part.point_id >> 10).tolist())) == 1


def test_points_of_a_device_keep_their_times_once() -> None:
    times = np.sort(np.random.default_rng(7).integers(0, 10**9, 40))
    ids = np.repeat(np.arange(100, dtype=np.int32), 40)
    device = SampleBatch(ids, np.tile(times, 100), np.zeros(4000), np.zeros(4000, np.uint8))
    row = bundle_row(1, 0, device)
    assert len(row[9]) <= 8 * 40 + 1
    assert_same(read_bundle(row), device)


@given(st.data())
def test_a_flipped_bit_in_a_bundle_is_found(data: st.DataObject) -> None:
    ids = np.repeat(np.arange(10, dtype=np.int32), 5)
    row = list(bundle_row(3, 0, SampleBatch(ids, np.arange(50), np.arange(50.0), np.full(50, 0x40, np.uint8))))
    column = data.draw(st.integers(8, 11))
    place = data.draw(st.integers(0, len(row[column]) - 1))
    row[column] = row[column][:place] + bytes([row[column][place] ^ 4]) + row[column][place + 1 :]
    with pytest.raises(BrokenPieceError, match="bundle 3: its checksum is wrong"):
        read_bundle(tuple(row))


@given(column=st.integers(0, 7), other=st.none() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.binary())
def test_another_number_in_the_head_of_a_bundle_is_found(column: int, other: object) -> None:
    ids = np.repeat(np.arange(10, dtype=np.int32), 5)
    row = list(bundle_row(3, 0, SampleBatch(ids, np.arange(50), np.arange(50.0), np.zeros(50, np.uint8))))
    assume(row[column] != other)
    row[column] = other
    for read in (read_bundle, points_of):
        with pytest.raises(BrokenPieceError, match="its head is broken"):
            read(tuple(row))
    directory, broken = Directory.read([(*row[:8], row[-1])])
    assert (len(directory.id), broken) == (0, {row[0]})


@given(batches(point_ids=st.integers(0, 5)))
def test_samples_come_back_from_segments(batch: SampleBatch) -> None:
    ordered = in_file_order(batch)
    starts = segment_starts(ordered)
    rows = [Segment._make(row) for row in segment_rows(ordered, starts, 1)]
    stored = bodies(ordered, starts, [False] * len(starts))
    parts = [
        read_segment(row, body.times if body.times is not None else np.empty(0, np.int64), body.value, body.quality)
        for row, body in zip(rows, stored, strict=True)
    ]
    assert_same(SampleBatch.joined(parts), ordered)
    assert sum(row.samples for row in rows) == len(ordered)


def test_long_series_are_cut_into_segments_of_like_length() -> None:
    count = 40_000
    batch = SampleBatch(np.ones(count, np.int32), np.arange(count), np.zeros(count), np.zeros(count, np.uint8))
    assert segment_starts(batch).tolist() == [0, 13_333, 26_666]


def test_roll_ups_are_kept_only_where_a_bucket_has_many_samples() -> None:
    count = 10_000
    ids, good = np.ones(count, np.int32), np.zeros(count, np.uint8)
    starts = np.array([0])
    each_second = SampleBatch(ids, np.arange(count) * 1000, np.zeros(count), good)
    assert [rolled_up(each_second, starts, tier)[0] is None for tier in (60_000, 3_600_000)] == [True, False]
    each_ten_seconds = SampleBatch(ids, np.arange(count) * 10_000, np.zeros(count), good)
    assert rolled_up(each_ten_seconds, starts, 3_600_000) == [None]
