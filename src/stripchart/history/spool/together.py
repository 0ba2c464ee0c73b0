"""What is stored together with what waits for it, as if all of it were stored; what came later wins."""

import asyncio
from collections.abc import Sequence

import numpy as np

from stripchart.history.base import Buckets, Cursor, Historian
from stripchart.history.embedded.ordering import newest_wins
from stripchart.history.embedded.spans import as_buckets, bucketed
from stripchart.history.grid import Grid, Ruler, check_grid
from stripchart.history.horizons import EVER_MS, KEEP_EVERYTHING, NEVER_MS, Horizons
from stripchart.history.reduce import check_most, reduced
from stripchart.history.spool.waiting_samples import WaitingSamples
from stripchart.model.sample import PointId, SampleBatch

MOST_STORED = 500_000
"""So many stored samples are read at most beside those that wait; where there are more, they alone are told."""


class Together:
    """The questions of the Historian port. What waits is looked up first: what is stored meanwhile is told once.

    Where what waits changes a sum, all from its oldest sample on is read and summed up here, the rest by `inner`.
    """

    def __init__(self, inner: Historian, waiting: WaitingSamples) -> None:
        self._inner, self._waiting = inner, waiting
        self.horizons: Horizons = KEEP_EVERYTHING

    async def read(
        self, points: Sequence[PointId], span: tuple[int, int], limit: int, after: Cursor | None, *, descending: bool
    ) -> SampleBatch:
        waiting = await self._of(points, *span)
        stored = await self._inner.read(points, *span, limit=limit, descending=descending, after=after)
        if not len(waiting):
            return stored
        both = newest_wins(stored, _behind(waiting, after, descending=descending))
        order = np.lexsort((both.point_id, both.at_ms))
        return both.where((order[::-1] if descending else order)[:limit])

    async def count(self, points: Sequence[PointId], span: tuple[int, int]) -> int:
        waiting = await self._of(points, *span)
        newer = await self._newer(points, waiting, _oldest(waiting), span[1])
        if newer is None:
            return await self._inner.count(points, *span)
        return await self._inner.count(points, span[0], _oldest(waiting)) + len(newer)

    async def buckets(self, points: Sequence[PointId], span: tuple[int, int], grid: Grid) -> Buckets:
        check_grid(grid)
        waiting = await self._of(points, *span)
        if not len(waiting):
            return await self._inner.buckets(points, *span, grid)
        ruler = Ruler.over(grid, _oldest(waiting), min(span[1], int(waiting.at_ms.max()) + 1))
        cut_ms = max(span[0], int(ruler.starts_of(np.array([_oldest(waiting)]))[0]))
        newer = await self._newer(points, waiting, cut_ms, span[1])
        if newer is None:
            return await self._inner.buckets(points, *span, grid)
        ruler = Ruler.over(grid, cut_ms, int(newer.at_ms.max()) + 1)
        summed = as_buckets(bucketed(newer, ruler), ruler)
        if cut_ms <= span[0]:
            return summed
        return _joined(await self._inner.buckets(points, span[0], cut_ms, grid), summed)

    async def reduced(self, points: Sequence[PointId], span: tuple[int, int], most: int) -> SampleBatch:
        check_most(most)
        waiting = await self._of(points, *span)
        newer = await self._newer(points, waiting, _oldest(waiting), span[1])
        if newer is None:
            return await self._inner.reduced(points, *span, most)
        older = await self._inner.reduced(points, span[0], _oldest(waiting), most)
        both = newest_wins(older, newer)
        return SampleBatch.joined(
            [reduced(both.where(both.point_id == point), most) for point in np.unique(both.point_id)]
        )

    async def in_force(self, points: Sequence[PointId], at_ms: int) -> SampleBatch:
        waiting = await self._of(points, EVER_MS, at_ms + 1)
        stored = await self._inner.in_force(points, at_ms)
        return _last_of_each(newest_wins(stored, waiting)) if len(waiting) else stored

    async def latest(self) -> SampleBatch:
        waiting, texts = await self._of(None, EVER_MS, NEVER_MS), self._waiting.newest_texts()
        stored = await self._inner.latest()
        newest = _last_of_each(newest_wins(stored, waiting))
        newer = {point: new for point, new in texts.items() if stored.texts.get(point, (EVER_MS,))[0] <= new[0]}
        return SampleBatch(newest.point_id, newest.at_ms, newest.value, newest.quality, {**stored.texts, **newer})

    async def texts(self, point: PointId, start_ms: int, end_ms: int) -> list[tuple[int, str]]:
        waiting = self._waiting.texts_of(point)
        stored = await self._inner.texts(point, start_ms, end_ms)
        told = sorted(each for each in (dict(stored) | waiting).items() if each[0] < end_ms)
        changes = [each for place, each in enumerate(told) if not place or told[place - 1][1] != each[1]]
        first = sum(at_ms <= start_ms for at_ms, _ in changes)
        return changes[max(0, first - 1) :] if waiting else stored

    async def _of(self, points: Sequence[PointId] | None, start_ms: int, end_ms: int) -> SampleBatch:
        """What waits of the points in the range, and is not behind their horizons."""
        if not self._waiting.has_samples:
            return SampleBatch.empty()
        found = await asyncio.to_thread(self._waiting.of, points, start_ms, end_ms)
        return found.where(found.at_ms >= self.horizons.raw_of(found.point_id)) if len(found) else found

    async def _newer(
        self, points: Sequence[PointId], waiting: SampleBatch, cut_ms: int, end_ms: int
    ) -> SampleBatch | None:
        """All samples from the cut on; None where nothing waits, or the stored ones have to do."""
        if not len(waiting) or cut_ms < self.horizons.raw_of(waiting.point_id).max():
            return None
        stored = await self._inner.read(points, cut_ms, end_ms, limit=MOST_STORED)
        return newest_wins(stored, waiting) if len(stored) < MOST_STORED else None


def _oldest(waiting: SampleBatch) -> int:
    return int(waiting.at_ms.min()) if len(waiting) else NEVER_MS


def _behind(batch: SampleBatch, cursor: Cursor | None, *, descending: bool) -> SampleBatch:
    """What follows the sample of the cursor in the order of time, then point."""
    if cursor is None:
        return batch
    is_same = batch.at_ms == cursor.at_ms
    if descending:
        return batch.where((batch.at_ms < cursor.at_ms) | (is_same & (batch.point_id < cursor.point_id)))
    return batch.where((batch.at_ms > cursor.at_ms) | (is_same & (batch.point_id > cursor.point_id)))


def _last_of_each(batch: SampleBatch) -> SampleBatch:
    """The newest sample of each point; they are in the order of the files."""
    return batch.where(np.append(batch.point_id[1:] != batch.point_id[:-1], True)[: len(batch)])


def _joined(older: Buckets, newer: Buckets) -> Buckets:
    """Buckets of different times, in the order of the port."""
    names = ("point_id", "start_ms", "minimum", "maximum", "mean", "total", "first", "last", "good_count", "count")
    columns = {name: np.concatenate([getattr(older, name), getattr(newer, name)]) for name in names}
    order = np.lexsort((columns["start_ms"], columns["point_id"]))
    return Buckets(**{name: column[order] for name, column in columns.items()})
