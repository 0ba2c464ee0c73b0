"""What points were between their samples: time-weighted means, times in each state, and what counters counted.

A sample holds until the next sample of its point; a bad one holds nothing. Where a range begins, the newest sample
before it holds. The last one holds until the range ends, so the end should not lie in the future.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain, repeat
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from stripchart.history.base import Buckets, Counts, Cursor, Historian
from stripchart.history.grid import Grid, edges_of
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, PointIds, SampleBatch, Times, Values

_AT_ONCE = 1 << 18
_LOOK_BACK = (64, 1 << 14)
"""How many samples are looked at for the last believed one, before it is _AT_ONCE at a time."""
_LONG_MS = 86_400_000 << 30
"""A bucket that begins before all samples, in whole days so that every roll-up fits into it."""


@dataclass(frozen=True, slots=True)
class Held:
    """What points were over whole buckets: columns of equal length, a row for each point and bucket of the range.

    `span_ms`: how much of the bucket lies in the range; `held_ms`: for how long of that a value was in force;
    `mean`: of the value over that time, NaN where there was none; `delta`: how far a counter went, see `steps_of`,
    NaN where nothing was in force and no sample had a value. Samples that are an impossible step (`UNCERTAIN_STEP`)
    are left out of it.
    """

    point_id: PointIds
    start_ms: Times
    span_ms: Counts
    held_ms: Counts
    mean: Values
    delta: Values

    def __len__(self) -> int:
        return len(self.point_id)

    @property
    def held_percent(self) -> Values:
        """Of a hundred milliseconds of the bucket, in how many a value was in force; NaN for a bucket of none."""
        with np.errstate(invalid="ignore"):
            percent: Values = 100.0 * self.held_ms / self.span_ms
        return percent

    def of(self, found: Buckets) -> "Held":
        """What held in each of these buckets; in those that the range did not reach nothing did."""
        ids, starts = np.unique(self.point_id), np.unique(self.start_ms)
        point, start = np.searchsorted(ids, found.point_id), np.searchsorted(starts, found.start_ms)
        is_there = (point < len(ids)) & (start < len(starts))
        rows = (point * len(starts) + start)[is_there]
        columns = []
        for name in ("span_ms", "held_ms", "mean", "delta"):
            own = getattr(self, name)
            column = np.full(len(found), 0 if own.dtype == np.int64 else np.nan, own.dtype)
            column[is_there] = own[rows]
            columns.append(column)
        return Held(found.point_id, found.start_ms, *columns)


@dataclass(frozen=True, slots=True)
class States:
    """For how long points had each value in each bucket: columns of equal length, by point, start, then state.

    `state` is the value: 0 and 1 of a bool, the code of an enum. Time in which nothing was in force is in no row.
    """

    point_id: PointIds
    start_ms: Times
    state: Values
    ms: Counts

    def __len__(self) -> int:
        return len(self.point_id)


async def held_buckets(
    historian: Historian,
    points: Sequence[PointId],
    span: tuple[int, int],
    grid: Grid,
    rollovers: Mapping[PointId, float] | None = None,
) -> Held:
    """What the points were in the range, per bucket of the grid. `rollovers`: where counters start again at 0.

    Reads all samples of the range, in pieces, so the memory taken does not grow with it.
    """
    edges = edges_of(grid, *span)

    async def summed_up(point: PointId) -> Held:
        total = _Sums(point, edges, span, (rollovers or {}).get(point))
        total.last_believed = await _last_believed(historian, point, span[0])
        async for piece in _pieces(historian, point, span):
            await asyncio.to_thread(total.add, piece)
        return total.held()

    nothing = _Sums(PointId(0), edges[:0], span, None).held()
    return _joined(await asyncio.gather(*map(summed_up, sorted(set(points)))), nothing)


async def state_durations(
    historian: Historian, points: Sequence[PointId], span: tuple[int, int], grid: Grid
) -> States:
    """For how long the points had each of their values in the range, per bucket of the grid. Reads as above."""
    edges = edges_of(grid, *span)

    async def summed_up(point: PointId) -> States:
        states = _no_states()
        async for piece in _pieces(historian, point, span):
            states = await asyncio.to_thread(_with_states, states, point, piece, edges)
        return states

    return _joined(await asyncio.gather(*map(summed_up, sorted(set(points)))), _no_states())


class Runs(NamedTuple):
    """Values and how long they were in force, cut where buckets begin: columns of equal length, in order of time."""

    bucket: npt.NDArray[np.intp]
    value: Values
    ms: Counts


class Piece(NamedTuple):
    """Samples of a point in order of time, the value in force before them, and from and until when they tell it."""

    before: float
    samples: SampleBatch
    from_ms: int
    until_ms: int


def runs_of(piece: Piece, edges: Times) -> Runs:
    """How long which value was in force in which bucket; NaN where none was."""
    samples = piece.samples
    at_ms = np.concatenate([[piece.from_ms], samples.at_ms])
    value = np.concatenate([[piece.before], np.where(samples.has_value, samples.value, np.nan)])
    cuts = edges[np.searchsorted(edges, piece.from_ms, side="right") : np.searchsorted(edges, piece.until_ms)]
    places = np.searchsorted(at_ms, cuts, side="right")
    at_ms, value = np.insert(at_ms, places, cuts), np.insert(value, places, value[places - 1])
    ms = np.diff(np.append(at_ms, piece.until_ms))
    bucket = np.searchsorted(edges, at_ms, side="right") - 1
    return Runs(bucket, value, ms)


def steps_of(value: Values, before: float, rollover: float | None) -> Values:
    """How far a counter went from each value to the next, beginning at `before`; NaN when that is not known.

    A step down by more than half of `rollover` is the counter starting again at 0 after that. Any other step down to
    less than half is a reset: it counted from 0. A smaller step down is a dip and counts as such, because otherwise
    the way up again would be counted twice.
    """
    before_each = np.append(before, value[:-1])
    step: Values = value - before_each
    is_down = step < 0
    if not is_down.any():
        return step
    is_rollover = is_down & (-step > rollover / 2) if rollover else np.zeros(len(step), np.bool_)
    is_reset = is_down & ~is_rollover & (value >= 0) & (value < before_each / 2)
    return np.where(is_rollover, step + (rollover or 0.0), np.where(is_reset, value, step))


class _Sums:
    """What the pieces of one point come to."""

    def __init__(self, point: PointId, edges: Times, span: tuple[int, int], rollover: float | None) -> None:
        self._point, self._edges, self._span, self._rollover = point, edges, span, rollover
        self.last_believed = np.nan
        size = max(len(edges) - 1, 0)
        self._integral, self._delta = np.zeros(size), np.zeros(size)
        self._held_ms, self._known = np.zeros(size), np.zeros(size, np.int64)

    def add(self, piece: Piece) -> None:
        size = len(self._integral)
        runs = runs_of(piece, self._edges)
        has_value = ~np.isnan(runs.value)
        bucket, value, ms = (column[has_value] for column in runs)
        self._integral += np.bincount(bucket, value * ms, size)
        self._held_ms += np.bincount(bucket, ms, size)
        known = piece.samples.where(_is_believed(piece.samples))
        if not len(known):
            return
        bucket = np.searchsorted(self._edges, known.at_ms, side="right") - 1
        step = steps_of(known.value, self.last_believed, self._rollover)
        self._delta += np.bincount(bucket, np.where(np.isnan(step), 0.0, step), size)
        self._known += np.bincount(bucket, minlength=size)
        self.last_believed = known.value[-1]

    def held(self) -> Held:
        size = len(self._integral)
        begins, ends = (np.clip(edges, *self._span) for edges in (self._edges[:-1], self._edges[1:]))
        held_ms = np.rint(self._held_ms).astype(np.int64)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(held_ms > 0, self._integral / self._held_ms, np.nan)
        delta = np.where((held_ms > 0) | (self._known > 0), self._delta, np.nan)
        point_id = np.full(size, self._point, np.int32)
        return Held(point_id, self._edges[:-1], ends - begins, held_ms, mean, delta)


async def _pieces(historian: Historian, point: PointId, span: tuple[int, int]) -> AsyncIterator[Piece]:
    """The samples of a point in the range, which together tell all of it."""
    start_ms, end_ms = span
    if start_ms >= end_ms:
        return
    standing = await historian.in_force([point], start_ms - 1)
    before, from_ms = float(standing.value[0]) if len(standing) else np.nan, start_ms
    after: Cursor | None = None
    while True:
        samples = await historian.read([point], start_ms, end_ms, limit=_AT_ONCE, after=after)
        if len(samples) < _AT_ONCE:
            yield Piece(before, samples, from_ms, end_ms)
            return
        last_ms = int(samples.at_ms[-1])
        yield Piece(before, samples, from_ms, last_ms)
        before, from_ms, after = float(samples.value[-1]), last_ms, Cursor(last_ms, point)


async def _last_believed(historian: Historian, point: PointId, start_ms: int) -> float:
    """The newest believed value that a point had before a time, also when it was lost since; NaN when it had none."""
    before = await historian.in_force([point], start_ms - 1)
    after: Cursor | None = None
    for limit in chain(_LOOK_BACK, repeat(_AT_ONCE)):
        believed = before.value[_is_believed(before)]
        if len(believed) or not len(before):
            break
        if after is None and not (await historian.buckets([point], -_LONG_MS, start_ms, _LONG_MS)).good_count.any():
            break
        after = Cursor(int(before.at_ms[-1]), point)
        before = await historian.read([point], -_LONG_MS, start_ms, limit=limit, descending=True, after=after)
    return float(believed[0]) if len(believed) else np.nan


def _is_believed(samples: SampleBatch) -> npt.NDArray[np.bool_]:
    """Which samples count: those with a value that is no impossible step of the counter."""
    believed: npt.NDArray[np.bool_] = samples.has_value & (samples.quality != Quality.UNCERTAIN_STEP)
    return believed


def _with_states(known: States, point: PointId, piece: Piece, edges: Times) -> States:
    """The durations known so far and those of a piece, as one."""
    runs = runs_of(piece, edges)
    rows = ~np.isnan(runs.value) & (runs.ms > 0)
    start_ms = np.concatenate([known.start_ms, edges[runs.bucket[rows]]])
    state = np.concatenate([known.state, runs.value[rows]])
    ms = np.concatenate([known.ms, runs.ms[rows]])
    order = np.lexsort((state, start_ms))
    start_ms, state, ms = start_ms[order], state[order], ms[order]
    if not len(ms):
        return known
    starts = np.flatnonzero(np.append(True, (start_ms[1:] != start_ms[:-1]) | (state[1:] != state[:-1])))
    point_id = np.full(len(starts), point, np.int32)
    return States(point_id, start_ms[starts], state[starts], np.add.reduceat(ms, starts))


def _no_states() -> States:
    whole = np.empty(0, np.int64)
    return States(np.empty(0, np.int32), whole, np.empty(0, np.float64), whole)


_Columns = TypeVar("_Columns", Held, States)


def _joined(parts: list[_Columns], nothing: _Columns) -> _Columns:
    """The rows of all, one after the other."""
    kind = type(nothing)
    columns = [[getattr(part, field.name) for part in (nothing, *parts)] for field in fields(kind)]
    return kind(*(np.concatenate(column) for column in columns))
