"""Buckets in which nothing was sampled: left out, empty, as it was before, or on a line to what comes after."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from stripchart.history.base import Buckets, Historian
from stripchart.history.grid import Grid, edges_of
from stripchart.model.sample import PointId, SampleBatch, Times, Values

_Rows = npt.NDArray[np.intp]
_FILLED = ("minimum", "maximum", "mean", "first", "last")


class Fill(StrEnum):
    """What to tell of a bucket without samples.

    `none`: the bucket is absent. `null`: it is there, with a count of 0 and no values. `previous`: minimum, maximum,
    mean, first and last are the value in force, which is that of the newest sample before. `linear`: they lie on
    lines between the buckets before and after that have values; nothing is told before the first and after the last.
    Where the sample in force is bad, or there is none, a bucket is not filled: a gap is a gap. A sum is never filled.
    """

    NONE = "none"
    NULL = "null"
    PREVIOUS = "previous"
    LINEAR = "linear"


async def filled_buckets(
    historian: Historian, points: Sequence[PointId], span: tuple[int, int], grid: Grid, fill: Fill
) -> Buckets:
    """Buckets of the points in the range, from `span[0]` to before `span[1]`, without holes unless `fill` is none."""
    found = await historian.buckets(points, *span, grid)
    starts = edges_of(grid, *span)[:-1]
    if fill is Fill.NONE or not len(starts):
        return found
    laid = laid_out(found, points, starts)
    if fill is Fill.NULL:
        return laid
    holes = holes_of(laid)
    if holes.unsure.any():
        holes = holes.told(await _in_force(historian, laid, holes.rows[holes.unsure], span[0]))
    return with_previous(laid, holes) if fill is Fill.PREVIOUS else with_lines(laid, holes)


@dataclass(frozen=True, slots=True)
class Holes:
    """Where buckets without samples begin: columns of equal length.

    `rows`: the row of the first bucket of each hole; `value`: what is in force there, NaN where nothing is;
    `unsure`: the buckets do not tell what is.
    """

    rows: _Rows
    value: Values
    unsure: npt.NDArray[np.bool_]

    def told(self, value: Values) -> "Holes":
        """With the values of those that were unsure."""
        values = self.value.copy()
        values[self.unsure] = value
        return Holes(self.rows, values, np.zeros(len(self.rows), np.bool_))


def laid_out(found: Buckets, points: Sequence[PointId], starts: Times) -> Buckets:
    """A row for each of the points and each start, where there was none with a count of 0 and no values."""
    ids = np.unique(np.array(points, np.int32))
    size = len(ids) * len(starts)
    rows = np.searchsorted(ids, found.point_id) * len(starts) + np.searchsorted(starts, found.start_ms)
    columns: dict[str, npt.NDArray[np.int64] | Values] = {}
    for field in fields(Buckets)[2:]:
        told = getattr(found, field.name)
        columns[field.name] = np.full(size, 0 if told.dtype == np.int64 else np.nan, told.dtype)
        columns[field.name][rows] = told
    return Buckets(np.repeat(ids, len(starts)), np.tile(starts, len(ids)), **columns)  # type: ignore[arg-type]


def holes_of(laid: Buckets) -> Holes:
    """The holes of buckets that are laid out."""
    is_empty, is_first = laid.count == 0, _are_first(laid)
    rows = np.flatnonzero(is_empty & (is_first | ~np.roll(is_empty, 1)))
    before = rows - 1
    is_first = is_first[rows]
    value = np.where(is_first, np.nan, laid.last[before])
    # A bucket with bad samples does not tell whether they are its last ones.
    unsure = is_first | ((laid.good_count[before] > 0) & (laid.good_count[before] < laid.count[before]))
    return Holes(rows, value, unsure)


def with_previous(laid: Buckets, holes: Holes) -> Buckets:
    """Each empty bucket with the value in force at the beginning of its hole."""
    is_empty, value = laid.count == 0, _carried(laid, holes)
    return replace(laid, **{name: np.where(is_empty, value, getattr(laid, name)) for name in _FILLED})


def with_lines(laid: Buckets, holes: Holes) -> Buckets:
    """Each empty bucket between two of its point that have values, on the line between them."""
    rows, size = np.arange(len(laid)), len(laid)
    is_known = laid.good_count > 0
    before = np.maximum.accumulate(np.where(is_known, rows, -1))
    after = np.minimum.accumulate(np.where(is_known, rows, size)[::-1])[::-1]
    fits = (laid.count == 0) & ~np.isnan(_carried(laid, holes)) & (before >= 0) & (after < size)
    low, high = before[fits], after[fits]
    same = (laid.point_id[low] == laid.point_id[high]) & (_next_told(laid)[fits] == high)
    filled, low, high = rows[fits][same], low[same], high[same]
    share = (laid.start_ms[filled] - laid.start_ms[low]) / (laid.start_ms[high] - laid.start_ms[low])
    columns = {}
    for name in _FILLED:
        column = getattr(laid, name).copy()
        column[filled] = column[low] * (1 - share) + column[high] * share
        columns[name] = column
    return replace(laid, **columns)


def _are_first(laid: Buckets) -> npt.NDArray[np.bool_]:
    """Which rows are the first of their point."""
    return np.append(True, laid.point_id[1:] != laid.point_id[:-1])[: len(laid)]


def _next_told(laid: Buckets) -> _Rows:
    """The row of the next bucket that has samples, good or bad."""
    rows: _Rows = np.where(laid.count > 0, np.arange(len(laid)), len(laid))
    return np.minimum.accumulate(rows[::-1])[::-1]


def _carried(laid: Buckets, holes: Holes) -> Values:
    """For each row of a hole the value with which the hole begins; elsewhere it means nothing."""
    value = np.full(len(laid), np.nan)
    value[holes.rows] = holes.value
    began = np.zeros(len(laid), np.intp)
    began[holes.rows] = holes.rows
    return value[np.maximum.accumulate(began)]


async def _in_force(historian: Historian, laid: Buckets, rows: _Rows, start_ms: int) -> Values:
    """The values in force when the buckets of the rows begin, in the range that begins at `start_ms`."""
    value = np.full(len(rows), np.nan)
    at_ms = np.maximum(laid.start_ms[rows], start_ms)
    for moment in np.unique(at_ms).tolist():
        places = np.flatnonzero(at_ms == moment)
        points = laid.point_id[rows[places]]
        value[places] = _values_of(
            await historian.in_force([PointId(each) for each in points.tolist()], moment), points
        )
    return value


def _values_of(batch: SampleBatch, points: npt.NDArray[np.int32]) -> Values:
    """The value of each of the points in a batch of one sample a point, NaN where it has none."""
    if not len(batch):
        return np.full(len(points), np.nan)
    rows = np.minimum(np.searchsorted(batch.point_id, points), len(batch) - 1)
    return np.where(batch.point_id[rows] == points, batch.value[rows], np.nan)
