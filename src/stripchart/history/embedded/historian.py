"""The embedded historian: a journal, a head in memory, and compressed year files. No server, one process."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from stripchart.history.base import QUERIES_OF_S, Buckets, Cursor, HistoryStats, HistoryUnavailableError
from stripchart.history.embedded.buckets import buckets_of
from stripchart.history.embedded.in_force import in_force_at
from stripchart.history.embedded.keeper import Keeper
from stripchart.history.embedded.lock import lock_folder
from stripchart.history.embedded.reading import samples_of
from stripchart.history.embedded.reducing import reduced_of
from stripchart.history.embedded.replay import replay
from stripchart.history.embedded.segment import Segment
from stripchart.history.embedded.store import EmbeddedOptions, Store
from stripchart.history.embedded.totals import stats_of
from stripchart.history.embedded.view import view
from stripchart.history.embedded.writer import Writer
from stripchart.history.grid import Grid, check_grid
from stripchart.history.horizons import NEVER_MS, Horizons
from stripchart.history.reduce import check_most
from stripchart.history.room import Room
from stripchart.model.recent import Recent
from stripchart.model.sample import PointId, SampleBatch

_Result = TypeVar("_Result")

_READERS = min(4, max(2, os.cpu_count() or 1))
"""So many queries run at a time: a long one holds up no short one, and each keeps pages of files in memory."""
_OF_TEXTS = 2
"""A writer and a reader."""


@asynccontextmanager
async def open_historian(folder: Path, options: EmbeddedOptions | None = None) -> AsyncIterator["EmbeddedHistorian"]:
    """The historian of a folder, which is created when it is missing; closed when the context ends.

    Raises HistoryUnavailableError when another process has the folder or it cannot be written, and
    HistoryUnreadableError when a file in it is broken, foreign or newer; no such file is deleted or mended.
    """
    lock = lock_folder(folder)
    try:
        store, sequence = await asyncio.to_thread(_opened, folder, options or EmbeddedOptions())
        historian = EmbeddedHistorian(store, sequence)
        try:
            yield historian
        finally:
            await historian.aclose()
    finally:
        lock.close()


def _opened(folder: Path, options: EmbeddedOptions) -> tuple[Store, int]:
    store = Store(folder, options)
    try:
        return store, replay(store)
    except BaseException:
        store.close()
        raise


class EmbeddedHistorian:
    """The Historian port; see there for what each method promises."""

    def __init__(self, store: Store, sequence: int) -> None:
        self._store = store
        self._writer, self._keeper = Writer(store, sequence), Keeper(store)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="history-reader")
        self._closed = False
        self.queries = Recent(QUERIES_OF_S)
        self._writer.start()
        self._keeper.start()

    async def append(self, batch: SampleBatch) -> None:
        self._check_open()
        await self._writer.put(_checked(batch))

    async def read(
        self,
        points: Sequence[PointId],
        start_ms: int,
        end_ms: int,
        *,
        limit: int,
        descending: bool = False,
        after: Cursor | None = None,
    ) -> SampleBatch:
        asked = (self._store, _once(points), (start_ms, end_ms), limit)
        return await self._run(partial(samples_of, *asked, descending=descending, after=after))

    async def count(self, points: Sequence[PointId], start_ms: int, end_ms: int) -> int:
        return await self._run(partial(_count, self._store, _once(points), start_ms, end_ms))

    async def buckets(self, points: Sequence[PointId], start_ms: int, end_ms: int, grid: Grid) -> Buckets:
        check_grid(grid)
        return await self._run(partial(buckets_of, self._store, _once(points), (start_ms, end_ms), grid))

    async def reduced(self, points: Sequence[PointId], start_ms: int, end_ms: int, most: int) -> SampleBatch:
        check_most(most)
        return await self._run(partial(reduced_of, self._store, _once(points), (start_ms, end_ms), most))

    async def in_force(self, points: Sequence[PointId], at_ms: int) -> SampleBatch:
        return await self._run(partial(in_force_at, self._store, _once(points), at_ms))

    async def latest(self) -> SampleBatch:
        return await self._run(partial(_latest, self._store))

    async def texts(self, point: PointId, start_ms: int, end_ms: int) -> list[tuple[int, str]]:
        self._check_open()
        raw_ms = self._store.expiry.horizons.at(point).raw_ms
        if raw_ms == NEVER_MS:
            return []
        start_ms = max(start_ms, raw_ms)
        return await self._run(partial(self._store.texts.of_point, point, start_ms, end_ms))

    async def retain(self, horizons: Horizons) -> None:
        await self._run(partial(self._expire, lambda: self._store.expiry.retain(horizons)))

    async def forget(self, points: Sequence[PointId]) -> None:
        await self._run(partial(self._expire, lambda: self._store.expiry.forget(points)))

    async def room(self) -> Room:
        self._check_open()
        return self._keeper.guard.room

    async def stats(self) -> HistoryStats:
        return await self._run(partial(stats_of, self._store))

    @property
    def connections(self) -> int:
        return _OF_TEXTS + sum(year.connections for year in list(self._store.years.values()))

    async def aclose(self) -> None:
        if self._closed:
            return
        self._closed = True
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        store = self._store
        self._readers.shutdown()
        self._writer.close()
        with store.lock:
            store.closing = True
            store.changed.notify_all()
        self._keeper.join()
        store.close()

    def _expire(self, change: Callable[[], None]) -> None:
        change()
        with self._store.lock:
            self._store.changed.notify_all()

    async def _run(self, job: Callable[[], _Result]) -> _Result:
        self._check_open()
        began_s = time.monotonic()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._readers, job)
        finally:
            now_s = time.monotonic()
            self.queries.note(now_s, now_s - began_s)

    def _check_open(self) -> None:
        if self._closed:
            raise HistoryUnavailableError(f"{self._store.folder}: the history is closed")


def _checked(batch: SampleBatch) -> SampleBatch:
    columns = (batch.point_id, batch.at_ms, batch.value, batch.quality)
    if len({len(column) for column in columns}) > 1:
        lengths = ", ".join(str(len(column)) for column in columns)
        raise ValueError(f"batch: its columns differ in length ({lengths})")
    if not batch.quality.any():
        return batch
    value = np.where(batch.has_value, batch.value, np.nan)
    return SampleBatch(batch.point_id, batch.at_ms, value, batch.quality, batch.texts)


def _once(points: Sequence[PointId]) -> list[PointId]:
    return sorted(set(points))


def _latest(store: Store) -> SampleBatch:
    with store.lock:
        samples, horizons = store.newest.samples(), store.expiry.horizons
    samples = samples.where(samples.at_ms >= horizons.raw_of(samples.point_id))
    texts = {point: text for point, text in store.texts.newest().items() if horizons.at(point).raw_ms < NEVER_MS}
    return SampleBatch(samples.point_id, samples.at_ms, samples.value, samples.quality, texts)


def _count(store: Store, points: list[PointId], start_ms: int, end_ms: int) -> int:
    total = 0
    with view(store, start_ms, end_ms) as seen:
        for part, some in seen.from_horizons(points, seen.horizons.raw_of(np.array(points, np.int32))):
            whole, rest = part.divided(some, partial(_is_counted, start_ms=part.start_ms, end_ms=end_ms))
            total += sum(segment.samples for segment in whole) + len(rest)
    return total


def _is_counted(segment: Segment, start_ms: int, end_ms: int) -> bool:
    return segment.lies_in(start_ms, end_ms) and not segment.is_rolled
