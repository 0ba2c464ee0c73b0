"""Long ranges in few samples: those that show the peaks, and where there was nothing to show. Pure."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from tsdownsample import MinMaxDownsampler

from stripchart.model.sample import SampleBatch

FEWEST = 10
"""In fewer samples a range with gaps cannot be shown."""
_WORTH_IT = 8192
"""Pieces with fewer samples are put together; larger ones are not copied."""
_TOO_MANY = 10
"""So many times what is asked for is reduced at the latest."""

_TWO_PARTS = 5
"""A lowest and a highest of each of two parts, and the last sample; in fewer there is but one part."""

_Rows = npt.NDArray[np.intp]


def check_most(most: int) -> None:
    """Raises ValueError when a range cannot be shown in so few samples."""
    if most < FEWEST:
        raise ValueError(f"{most} samples: allowed are {FEWEST} and more")


def reduced(batch: SampleBatch, most: int) -> SampleBatch:
    """At most `most` (10 or more) samples of a point, which are in the order of time; all when there are no more.

    The span from the first to the last sample that has a value is divided evenly, and of each part the lowest and
    the highest sample are kept, with their own time and quality. Where bad samples lie between two of those, before
    the first or behind the last, the first bad one is kept: a gap stays a gap.
    """
    check_most(most)
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


def reduced_in_pieces(pieces: Iterable[SampleBatch], most: int, expected: int) -> SampleBatch:
    """The same of pieces that follow each other, of about `expected` samples; the memory taken grows with `most`.

    Of each piece the peaks of twice as many parts are kept as it has in the whole, which is then reduced once more.
    Nothing is reduced before there are more than `most`: fewer may come than are expected, and are all told then.
    """
    check_most(most)
    worth_it = max(_WORTH_IT, most + 1)
    kept = [SampleBatch.empty()]
    waiting: list[SampleBatch] = []
    for piece in pieces:
        waiting.append(piece)
        samples = sum(map(len, waiting))
        if samples >= worth_it:
            share = min(most, FEWEST + 2 * most * samples // max(expected, samples))
            kept.append(reduced(SampleBatch.joined(waiting), share))
            waiting = []
        if sum(map(len, kept)) >= _TOO_MANY * most:
            kept = [reduced(SampleBatch.joined(kept), most)]
    return reduced(SampleBatch.joined([*kept, *waiting]), most)


def _peaks(known: SampleBatch, most: int) -> _Rows:
    """Which of the samples, which all have a value, are peaks."""
    if len(known) <= most:
        return np.arange(len(known))
    if most < _TWO_PARTS:
        return np.unique([known.value.argmin(), known.value.argmax()])
    columns = (np.ascontiguousarray(column) for column in (known.at_ms, known.value))
    # The library wants an even number: a lowest and a highest of each part. One place is for the last sample.
    even = (most - 1) // 2 * 2
    chosen: npt.NDArray[np.uint64] = MinMaxDownsampler().downsample(*columns, n_out=even)  # type: ignore[no-untyped-call]
    # A sample alone in its part is told twice; but not the last one, which tsdownsample 0.1.5 leaves out then.
    rows: _Rows = np.union1d(chosen.astype(np.intp), [len(known) - 1])
    return rows


def _rows_of(batch: SampleBatch, rows: _Rows) -> SampleBatch:
    return SampleBatch(batch.point_id[rows], batch.at_ms[rows], batch.value[rows], batch.quality[rows])


def _first_of_each_gap(kept: _Rows, bad: _Rows) -> _Rows:
    """The first of the bad rows in each gap between kept ones."""
    gap = np.searchsorted(kept, bad)
    first: _Rows = bad[np.append(True, gap[1:] != gap[:-1])[: len(gap)]]
    return first
