"""Samples in order: of any range, in pieces whose size the limit says."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from stripchart.history.base import Cursor
from stripchart.history.timescale.columns import all_within_reach, moment, samples_in
from stripchart.history.timescale.known import SQL
from stripchart.history.timescale.server import Connection
from stripchart.model.sample import PointIds, SampleBatch, Times

_MORE_THAN_ITS_SHARE = 2
_SPARE = 1600
"""So many samples more are fetched in all, as points are not sampled alike; at least two of each point."""
_AT_ONCE = 500_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Ranges of points, columns of equal length: `start_ms` to before `end_ms`."""

    point_id: PointIds
    start_ms: Times
    end_ms: Times

    def where(self, keep: npt.NDArray[np.bool_] | slice) -> "Wanted":
        return Wanted(self.point_id[keep], self.start_ms[keep], self.end_ms[keep])

    def of(self, points: PointIds) -> "Wanted":
        """What is wanted of these points."""
        return self.where(np.isin(self.point_id, points))

    def each(self) -> Iterator["Wanted"]:
        """One by one."""
        return (self.where(slice(row, row + 1)) for row in range(len(self.point_id)))

    def behind(self, cursor: Cursor, *, descending: bool) -> "Wanted":
        """What follows the sample of the cursor in the order of time, then point."""
        if descending:
            end_ms = cursor.at_ms + (self.point_id < cursor.point_id)
            return replace(self, end_ms=np.minimum(self.end_ms, end_ms))
        start_ms = cursor.at_ms + (self.point_id <= cursor.point_id)
        return replace(self, start_ms=np.maximum(self.start_ms, start_ms))

    @property
    def that_have_something(self) -> "Wanted":
        return self.where(self.start_ms < self.end_ms)


async def fetched(
    connection: Connection, wanted: Wanted, most: int | None, *, descending: bool = False
) -> SampleBatch:
    """Of each point at most so many samples from the beginning of its range, or from its end; in no order."""
    wanted = wanted.that_have_something
    if not len(wanted.point_id):
        return SampleBatch.empty()
    starts, ends = all_within_reach(wanted.start_ms), all_within_reach(wanted.end_ms)
    answer = await connection.fetchrow(
        SQL["samples_newest_first" if descending else "samples"],
        wanted.point_id.tolist(),
        starts,
        ends,
        moment(min(starts)),
        moment(max(ends)),
        most,
    )
    return samples_in(answer)


async def at_once(connection: Connection, wanted: Wanted, limit: int, *, descending: bool) -> SampleBatch | None:
    """What `ordered` gives, asked in one statement; None when that does not do."""
    if limit > _AT_ONCE:
        return None
    wanted = wanted.that_have_something
    batch, rest = await _some(connection, wanted, limit, _share(wanted, limit), descending=descending)
    return batch if len(batch) == limit or not len(rest.point_id) else None


async def ordered(connection: Connection, wanted: Wanted, limit: int, *, descending: bool) -> SampleBatch:
    """The first samples of all ranges together, ordered by time, then point; at most `limit`."""
    found: list[SampleBatch] = []
    missing, most = limit, 0
    while missing > 0 and len((wanted := wanted.that_have_something).point_id):
        # Twice as many each time: few points may have nearly all there is.
        most = max(_share(wanted, missing), min(2 * most, missing, _AT_ONCE // len(wanted.point_id)))
        batch, wanted = await _some(connection, wanted, missing, most, descending=descending)
        found.append(batch)
        missing -= len(batch)
    return SampleBatch.joined(found)


def _share(wanted: Wanted, missing: int) -> int:
    """How many to fetch of each point, so that together they have what is missing if they are sampled alike."""
    points = max(1, len(wanted.point_id))
    share = -(-min(missing, _AT_ONCE) // points)
    return min(missing, _AT_ONCE, _MORE_THAN_ITS_SHARE * share + max(2, _SPARE // points))


async def _some(
    connection: Connection, wanted: Wanted, missing: int, most: int, *, descending: bool
) -> tuple[SampleBatch, Wanted]:
    """The first of the ranges, at most so many as are missing, and what is left of the ranges behind them.

    Of each point at most so many are fetched. What is not newer than the last sample of every point that has more is
    complete; the rest is fetched again when it is needed.
    """
    batch = _in_order(await fetched(connection, wanted, most, descending=descending), descending=descending)
    ids, counts = np.unique(batch.point_id, return_counts=True)
    full = ids[counts == most]
    if not len(full):
        return batch.where(slice(missing)), wanted.where(slice(0))
    batch = _complete(batch, full, descending=descending)
    last = Cursor(int(batch.at_ms[-1]), int(wanted.point_id[-1 if not descending else 0]))  # type: ignore[arg-type]
    rest = wanted.where(np.isin(wanted.point_id, ids)).behind(last, descending=descending)
    return batch.where(slice(missing)), rest


def _complete(batch: SampleBatch, full: PointIds, *, descending: bool) -> SampleBatch:
    """The samples, in order, up to where the first of the points that have more ends."""
    rows = np.isin(batch.point_id, full)
    points, at_ms = batch.point_id[rows][::-1], batch.at_ms[rows][::-1]
    _, last = np.unique(points, return_index=True)
    ends = at_ms[last]
    return batch.where(batch.at_ms >= ends.max() if descending else batch.at_ms <= ends.min())


def _in_order(batch: SampleBatch, *, descending: bool) -> SampleBatch:
    order = np.lexsort((batch.point_id, batch.at_ms))
    return batch.where(order[::-1] if descending else order)
