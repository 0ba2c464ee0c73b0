"""Sparse hours: what a segment with few samples in each hour comes to by the hour, in little room. Pure.

Those of 16,384 samples at 10 s take the room of 600 samples, and a tenth of the time to read them.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stripchart.history.base import Counts
from stripchart.history.embedded.codec import BrokenPieceError, pack, pack_values, unpack
from stripchart.history.embedded.ordering import Indices
from stripchart.history.embedded.rollup import CHECK_BYTES, is_sound, with_check
from stripchart.history.embedded.spans import Spans, summed_up
from stripchart.model.sample import SampleBatch, Values

HOUR_MS = 3_600_000
_WORTH_IT = 50
"""An hour takes the room of eight samples or more. Points recorded each minute have it, even with a few missing."""
_COLUMNS = 3
_EDGES = ("minimum", "maximum", "first", "last")


@dataclass(frozen=True, slots=True)
class SparseHours:
    """Hour by hour, from the one in which `first_ms` is on, also those without samples.

    `samples` and `good` are counts; `edges` has four rows: minimum, maximum, first, last; `total` is the sum.
    """

    point_id: int
    first_ms: int
    samples: Counts
    good: Counts
    edges: npt.NDArray[np.float64]
    total: Values


def worth_it(samples: int, first_ms: int, last_ms: int) -> bool:
    """Whether so many samples are worth the room that their hours take."""
    hours = last_ms // HOUR_MS - first_ms // HOUR_MS + 1
    return hours > 1 and samples >= _WORTH_IT * hours


def packed_hours(batch: SampleBatch) -> bytes:
    """The hours of samples of one point, which are in order of time, as bytes."""
    hours = _summed(batch)
    all_good = np.array_equal(hours.samples, hours.good)
    counts = hours.samples if all_good else np.concatenate([hours.samples, hours.good])
    edges = pack_values(hours.edges.ravel(), np.tile(hours.good > 0, len(_EDGES)))
    columns = (pack(counts), edges, pack(hours.total))
    return with_check(b"".join(len(column).to_bytes(4, "little") + column for column in columns))


def read_hours(body: bytes, point_id: int, first_ms: int, last_ms: int) -> SparseHours:
    """What `packed_hours` was given, of samples from `first_ms` to `last_ms`.

    Raises BrokenPieceError when the bytes are none of its making, or not of so many hours.
    """
    if not is_sound(body):
        raise BrokenPieceError("sparse hours: their checksum is wrong")
    counts, edges, total = (unpack(column) for column in _columns(body[:-CHECK_BYTES]))
    hours = last_ms // HOUR_MS - first_ms // HOUR_MS + 1
    if len(total) != hours or len(edges) != hours * len(_EDGES) or len(counts) not in {hours, 2 * hours}:
        raise BrokenPieceError("sparse hours: they are not those of the segment's times")
    return SparseHours(point_id, first_ms, counts[:hours], counts[-hours:], edges.reshape(len(_EDGES), hours), total)


def spans_of_hours(parts: list[SparseHours]) -> Spans:
    """The hours that have samples, as spans."""
    lengths = [len(part.total) for part in parts]
    begins = np.cumsum([0, *lengths[:-1]])
    first_ms = np.array([part.first_ms for part in parts], np.int64)
    hour = np.repeat(first_ms // HOUR_MS - begins, lengths) + np.arange(sum(lengths))
    start_ms = hour * HOUR_MS
    start_ms[begins] = first_ms
    samples = np.concatenate([part.samples for part in parts])
    good = np.concatenate([part.good for part in parts])
    edges = np.concatenate([part.edges for part in parts], axis=1)
    minimum, maximum, first, last = np.where(good > 0, edges, np.nan)
    total = np.concatenate([part.total for part in parts])
    point_id = np.repeat(np.array([part.point_id for part in parts], np.int32), lengths)
    spans = Spans(point_id, start_ms, samples, good, minimum, maximum, total, first, last)
    return spans if samples.all() else spans.at(np.flatnonzero(samples))


def _summed(batch: SampleBatch) -> SparseHours:
    first_ms, last_ms = int(batch.at_ms[0]), int(batch.at_ms[-1])
    begins_ms = np.arange(first_ms // HOUR_MS + 1, last_ms // HOUR_MS + 1) * HOUR_MS
    starts: Indices = np.append(0, np.searchsorted(batch.at_ms, begins_ms))
    samples = np.diff(np.append(starts, len(batch)))
    there = np.flatnonzero(samples)
    spans = summed_up(batch, starts[there])
    good, total = np.zeros(len(samples), np.int64), np.zeros(len(samples))
    good[there], total[there] = spans.good, spans.total
    edges = np.full((len(_EDGES), len(samples)), np.nan)
    edges[:, there] = [getattr(spans, name) for name in _EDGES]
    return SparseHours(int(batch.point_id[0]), first_ms, samples.astype(np.int64), good, edges, total)


def _columns(body: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(body):
        length = int.from_bytes(body[at : at + 4], "little")
        found.append(body[at + 4 : at + 4 + length])
        at += 4 + length
    if at != len(body) or len(found) != _COLUMNS:
        raise BrokenPieceError("sparse hours: their columns differ in length")
    return found
