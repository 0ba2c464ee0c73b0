"""What a point did in a span of time, summed up in columns. Pure; nothing here loops over samples."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from stripchart.history.base import Buckets, Counts
from stripchart.history.embedded.ordering import Indices, group_ends, group_starts
from stripchart.history.grid import Ruler
from stripchart.model.sample import PointIds, SampleBatch, Times, Values


@dataclass(frozen=True, slots=True)
class Spans:
    """Sums of runs of samples of one point each: columns of equal length.

    `start_ms` is the time of the first sample, or the start of the bucket; `good` counts the samples that have a
    value; the other columns are of those alone, NaN (`total`: 0) where there is none.
    """

    point_id: PointIds
    start_ms: Times
    samples: Counts
    good: Counts
    minimum: Values
    maximum: Values
    total: Values
    first: Values
    last: Values

    def __len__(self) -> int:
        return len(self.point_id)

    @classmethod
    def joined(cls, parts: Sequence["Spans"]) -> Self:
        return cls(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)))

    def at(self, rows: Indices) -> "Spans":
        return Spans(*(getattr(self, field.name)[rows] for field in fields(self)))


def summed_up(batch: SampleBatch, starts: Indices) -> Spans:
    """One span for each run of rows; a run is of one point and in order of time."""
    if not len(starts):
        return Spans.joined([_one_by_one(SampleBatch.empty())])
    ends = group_ends(starts, len(batch))
    has_value = batch.has_value
    samples = (ends - starts).astype(np.int64)
    if has_value.all():
        good, known, value = samples, batch.value, batch.value
        minimum, maximum = np.minimum.reduceat(value, starts), np.maximum.reduceat(value, starts)
        first, last = value[starts], value[ends - 1]
    else:
        good = np.add.reduceat(has_value, starts, dtype=np.int64)
        known, value = np.where(has_value, batch.value, 0.0), np.where(has_value, batch.value, np.nan)
        minimum, maximum = np.fmin.reduceat(value, starts), np.fmax.reduceat(value, starts)
        first, last = _ends_of_known(value, starts, ends)
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.add.reduceat(known, starts)
    return Spans(batch.point_id[starts], batch.at_ms[starts], samples, good, minimum, maximum, total, first, last)


def in_buckets(parts: Spans, ruler: Ruler) -> Spans:
    """Spans joined where they lie in the same bucket of the same point, ordered by point, then bucket.

    Each part lies in one bucket; parts of one bucket do not overlap, and may come in any order.
    """
    order = np.lexsort((parts.start_ms, parts.point_id))
    parts = parts.at(order)
    bucket = ruler.starts_of(parts.start_ms)
    starts = group_starts(parts.point_id, bucket)
    if not len(starts):
        return parts
    first, last = _ends_of_known(parts.first, starts, group_ends(starts, len(parts)), parts.last)
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.add.reduceat(parts.total, starts)
    return Spans(
        parts.point_id[starts],
        bucket[starts],
        np.add.reduceat(parts.samples, starts),
        np.add.reduceat(parts.good, starts),
        np.fmin.reduceat(parts.minimum, starts),
        np.fmax.reduceat(parts.maximum, starts),
        total,
        first,
        last,
    )


def as_buckets(spans: Spans, ruler: Ruler) -> Buckets:
    """Spans of one bucket each, in the words of the port."""
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = spans.total / spans.good
    return Buckets(
        point_id=spans.point_id,
        start_ms=ruler.starts_of(spans.start_ms),
        minimum=spans.minimum,
        maximum=spans.maximum,
        mean=mean,
        total=np.where(spans.good > 0, spans.total, np.nan),
        first=spans.first,
        last=spans.last,
        good_count=spans.good,
        count=spans.samples,
    )


def bucketed(batch: SampleBatch, ruler: Ruler, between: Spans | None = None) -> Spans:
    """The samples, which are in the order of the files, summed up by bucket, and apart where a span lies between.

    The result and `between` (ordered by point, then start) may be joined and given to `in_buckets`.
    """
    columns: list[PointIds | Times] = [batch.point_id, ruler.numbers_of(batch.at_ms)]
    if between is not None:
        gap = np.zeros(len(batch), np.int64)
        for point in np.unique(between.point_id):
            rows = slice(*np.searchsorted(batch.point_id, [point, point + 1]))
            spans = slice(*np.searchsorted(between.point_id, [point, point + 1]))
            gap[rows] = np.searchsorted(between.start_ms[spans], batch.at_ms[rows])
        columns.append(gap)
    return summed_up(batch, group_starts(*columns))


def _ends_of_known(
    first: Values, starts: Indices, ends: Indices, last: Values | None = None
) -> tuple[Values, Values]:
    """The first known entry of each run in `first`, and the last known one in `last`; NaN where none is known."""
    last = first if last is None else last
    known = np.flatnonzero(~np.isnan(first))
    if not len(known):
        nothing = np.full(len(starts), np.nan)
        return nothing, nothing.copy()
    low, high = np.searchsorted(known, starts), np.searchsorted(known, ends)
    there = low < high
    head = first[known[np.minimum(low, len(known) - 1)]]
    tail = last[known[np.maximum(high - 1, 0)]]
    return np.where(there, head, np.nan), np.where(there, tail, np.nan)


def _one_by_one(batch: SampleBatch) -> Spans:
    """Each sample as a span of its own."""
    good = batch.has_value.astype(np.int64)
    value = np.where(batch.has_value, batch.value, np.nan)
    samples = np.ones(len(batch), np.int64)
    total = np.where(batch.has_value, batch.value, 0.0)
    return Spans(batch.point_id, batch.at_ms, samples, good, value, value, total, value, value)
