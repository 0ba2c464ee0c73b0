"""Long ranges in few samples: those that show the peaks, and where there was nothing to show."""

import asyncio
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from tsdownsample import MinMaxDownsampler

from stripchart.history.base import Cursor, Historian
from stripchart.model.sample import PointId, SampleBatch

FEWEST = 10
"""In fewer samples a range with gaps cannot be shown."""
_AT_ONCE = 1 << 20

_Rows = npt.NDArray[np.intp]


def reduced(batch: SampleBatch, most: int) -> SampleBatch:
    """At most `most` (10 or more) samples of a point, which are in the order of time; all when there are no more.

    The span from the first to the last sample that has a value is divided evenly, and of each part the lowest and
    the highest sample are kept, with their own time and quality. Where bad samples lie between two of those, before
    the first or behind the last, the first bad one is kept: a gap stays a gap.
    """
    if most < FEWEST:
        raise ValueError(f"{most} samples: allowed are {FEWEST} and more")
    if len(batch) <= most:
        return batch
    if not batch.quality.any():
        return _rows_of(batch, _peaks(batch, most))
    good, bad = np.flatnonzero(batch.has_value), np.flatnonzero(~batch.has_value)
    known = _rows_of(batch, good)
    kept = good[_peaks(known, most)]
    marks = _first_of_each_gap(kept, bad)
    if len(kept) + len(marks) > most:
        # There is at most one gap more than there are values.
        kept = good[_peaks(known, (most - 1) // 2)]
        marks = _first_of_each_gap(kept, bad)
    return _rows_of(batch, np.sort(np.concatenate([kept, marks])))


async def reduced_points(
    historian: Historian, points: Sequence[PointId], start_ms: int, end_ms: int, most: int
) -> list[SampleBatch]:
    """Of each of the points at most `most` samples of the range, oldest first, read several at a time.

    A range of more than 2^20 samples is read and reduced in pieces, so the memory taken does not grow with it. Its
    peaks are kept, though the parts of which they are the peaks are those of the pieces.
    """
    return list(await asyncio.gather(*(_reduced_point(historian, each, start_ms, end_ms, most) for each in points)))


async def _reduced_point(historian: Historian, point: PointId, start_ms: int, end_ms: int, most: int) -> SampleBatch:
    kept, after = SampleBatch.empty(), None
    while True:
        piece = await historian.read([point], start_ms, end_ms, limit=_AT_ONCE, after=after)
        if len(piece):
            kept = await asyncio.to_thread(_joined, kept, piece, most)
            after = Cursor(int(piece.at_ms[-1]), point)
        if len(piece) < _AT_ONCE:
            return kept


def _joined(kept: SampleBatch, piece: SampleBatch, most: int) -> SampleBatch:
    piece = reduced(piece, most)
    return reduced(SampleBatch.joined([kept, piece]), most) if len(kept) else piece


def _peaks(known: SampleBatch, most: int) -> _Rows:
    """Which of the samples, which all have a value, are peaks."""
    if len(known) <= most:
        return np.arange(len(known))
    columns = (np.ascontiguousarray(column) for column in (known.at_ms, known.value))
    # The library wants an even number: a lowest and a highest of each part.
    even = most - most % 2
    chosen: npt.NDArray[np.uint64] = MinMaxDownsampler().downsample(*columns, n_out=even)  # type: ignore[no-untyped-call]
    rows: _Rows = np.flatnonzero(np.bincount(chosen.astype(np.intp)))
    return rows


def _rows_of(batch: SampleBatch, rows: _Rows) -> SampleBatch:
    return SampleBatch(batch.point_id[rows], batch.at_ms[rows], batch.value[rows], batch.quality[rows])


def _first_of_each_gap(kept: _Rows, bad: _Rows) -> _Rows:
    """The first of the bad rows in each gap between kept ones."""
    gap = np.searchsorted(kept, bad)
    first: _Rows = bad[np.append(True, gap[1:] != gap[:-1])[: len(gap)]]
    return first
