"""Segments: up to 16384 samples of one point, with what they come to. Pure."""

import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from stripchart.history.embedded.codec import BrokenPieceError, checksum, pack_qualities, pack_values, unpack
from stripchart.history.embedded.ordering import Indices, group_starts, rows_of
from stripchart.history.embedded.rollup import TIERS_MS, rolled_up
from stripchart.history.embedded.spans import Spans, summed_up
from stripchart.history.embedded.sparse_hours import packed_hours, worth_it
from stripchart.model.sample import SampleBatch, Times

OWN_SEGMENT = 512
"""From so many samples on a point gets a segment of its own; before that it shares a bundle."""
SMALL = 4096
"""Segments with fewer samples are joined when there are enough of them."""
ENOUGH = 8192
"""So many samples in small segments side by side are worth joining."""
_LARGEST = 16384
SUMMED = 12
"""So many columns of a row come before the roll-ups."""
_SUMS = slice(5, 10)
_ROW = struct.Struct("<5q5d2q")


class Segment(NamedTuple):
    """The row of a segment; the sums are None where no sample has a value, roll-ups where not worth it.

    A segment of which only the roll-ups are left has the body 0; its roll-ups are packed, and `samples` counts what
    they sum up. `crc`: see `row_check`. `sparse_hours`: in place of `hours`, where an hour has few samples.
    """

    point_id: int
    first_ms: int
    last_ms: int
    samples: int
    good: int
    minimum: float | None
    maximum: float | None
    total: float | None
    first: float | None
    last: float | None
    end_quality: int
    body_id: int
    minutes: bytes | None
    hours: bytes | None
    days: bytes | None
    crc: int | None
    sparse_hours: bytes | None

    @property
    def is_sound(self) -> bool:
        """Whether the row, but for its roll-ups, is as it was written."""
        try:
            if zlib.crc32(_ROW.pack(*self[:SUMMED])) == self.crc:
                return True
        except struct.error:  # where no sample has a value, sums are null
            pass
        return self.crc is not None and self.crc == row_check(self)

    @property
    def is_rolled(self) -> bool:
        """Whether the samples are gone and only their roll-ups are left."""
        return self.body_id == 0

    def lies_in(self, start_ms: int, end_ms: int) -> bool:
        return start_ms <= self.first_ms and self.last_ms < end_ms


@dataclass(frozen=True, slots=True)
class Body:
    """The columns of a segment as they are stored. `times` is None when they are those of the body before."""

    times: Times | None
    value: bytes
    quality: bytes | None


def has_among(segment: Segment, at_ms: Times) -> bool:
    """Whether one of the times, which ascend, lies between the first and the last of the segment."""
    if not len(at_ms):
        return False
    low, high = np.searchsorted(at_ms, [segment.first_ms, segment.last_ms + 1])
    return bool(low < high)


def segment_starts(batch: SampleBatch) -> Indices:
    """Where to cut samples in the order of the files into segments: one point each, none too long, all alike."""
    starts = group_starts(batch.point_id)
    counts = np.diff(np.append(starts, len(batch)))
    if not len(starts) or counts.max() <= _LARGEST:
        return starts
    cuts = [
        start + np.arange(pieces) * count // pieces
        for start, count, pieces in zip(starts, counts, -(-counts // _LARGEST), strict=True)
    ]
    return np.concatenate(cuts)


def bodies(batch: SampleBatch, starts: Indices, same_times: list[bool]) -> Iterator[Body]:
    """The columns of each segment."""
    has_value = batch.has_value
    edges = [*starts.tolist(), len(batch)]
    for start, end, same in zip(edges[:-1], edges[1:], same_times, strict=True):
        rows = slice(start, end)
        value = pack_values(batch.value[rows], has_value[rows])
        yield Body(None if same else batch.at_ms[rows], value, pack_qualities(batch.quality[rows]))


def segment_rows(batch: SampleBatch, starts: Indices, first_body: int) -> list[tuple[Any, ...]]:
    """The rows of the table `segment`; their bodies are numbered from `first_body` on."""
    if not len(starts):
        return []
    ends = np.append(starts[1:], len(batch))
    sums = summed_up(batch, starts)
    columns = (
        sums.point_id,
        sums.start_ms,
        batch.at_ms[ends - 1],
        sums.samples,
        sums.good,
        sums.minimum,
        sums.maximum,
        sums.total,
        sums.first,
        sums.last,
        batch.quality[ends - 1],
        np.arange(first_body, first_body + len(starts)),
    )
    rollups = (rolled_up(batch, starts, tier_ms) for tier_ms in TIERS_MS)
    rows = zip(*(column.tolist() for column in columns), *rollups, strict=True)
    runs = (slice(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True))
    return [(*row, row_check(row), _sparse_hours(row, batch, run)) for row, run in zip(rows, runs, strict=True)]


def wants_sparse_hours(row: Sequence[Any]) -> bool:
    """Whether a segment has sparse hours, by its row. Small ones have none: they will be joined."""
    _, first_ms, last_ms, samples = row[:4]
    has_hours = row[SUMMED + 1] is not None
    return not has_hours and samples >= SMALL and worth_it(samples, first_ms, last_ms)


def _sparse_hours(row: Sequence[Any], batch: SampleBatch, run: slice) -> bytes | None:
    return packed_hours(rows_of(batch, run)) if wants_sparse_hours(row) else None


def sums_of(segments: list[Segment]) -> Spans:
    """What the segments come to, without looking into them."""
    return Spans(
        np.array([segment.point_id for segment in segments], np.int32),
        np.array([segment.first_ms for segment in segments], np.int64),
        np.array([segment.samples for segment in segments], np.int64),
        np.array([segment.good for segment in segments], np.int64),
        np.array([segment.minimum for segment in segments], np.float64),
        np.array([segment.maximum for segment in segments], np.float64),
        np.array([segment.total for segment in segments], np.float64),
        np.array([segment.first for segment in segments], np.float64),
        np.array([segment.last for segment in segments], np.float64),
    )


def row_check(row: Sequence[Any]) -> int | None:
    """The checksum of a row but for its roll-ups, which have one of their own. None: this was no row of ours."""
    try:
        # SQLite keeps a NaN as null and knows no -0. A zero is as good: `good` tells whether there are sums.
        sums = (0 if each is None or each == 0 or math.isnan(each) else each for each in row[_SUMS])
        return zlib.crc32(_ROW.pack(*row[: _SUMS.start], *sums, *row[_SUMS.stop : SUMMED]))
    except (struct.error, TypeError):
        return None


def body_check(body_id: int, point_id: int, value: bytes, quality: bytes | None) -> int:
    """The checksum of a body, which also tells a body that belongs to another segment."""
    return checksum(body_id * 31 + point_id, value, quality)


def times_check(times_id: int, body: bytes) -> int:
    return checksum(times_id, body)


def read_segment(segment: Segment, at_ms: Times, value: bytes, quality: bytes | None) -> SampleBatch:
    """The samples of a segment."""
    values = unpack(value)
    lengths = {len(values), len(at_ms), segment.samples}
    qualities = None if quality is None else unpack(quality)
    if qualities is not None:
        lengths.add(len(qualities))
    if len(lengths) > 1:
        raise BrokenPieceError(f"segment of point {segment.point_id}: its columns differ in length")
    point_id = np.full(segment.samples, segment.point_id, np.int32)
    if qualities is None:
        return SampleBatch(point_id, at_ms, values, np.zeros(segment.samples, np.uint8))
    missing = qualities >= 0x80
    if missing.any():
        values = np.where(missing, np.nan, values)
    return SampleBatch(point_id, at_ms, values, qualities)
