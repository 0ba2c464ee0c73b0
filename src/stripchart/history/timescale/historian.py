"""The historian on a server. Any number of processes may have it open."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import numpy as np

from stripchart.history.base import Buckets, Cursor, HistoryStats
from stripchart.history.figures import ServerFigures
from stripchart.history.grid import Grid, check_grid
from stripchart.history.horizons import EVER_MS, NEVER_MS, Horizons
from stripchart.history.reduce import check_most
from stripchart.history.registers import RegisterInfo
from stripchart.history.room import Room
from stripchart.history.timescale.bucketing import buckets_of, spans_of
from stripchart.history.timescale.care import Care
from stripchart.history.timescale.columns import moment, within_reach
from stripchart.history.timescale.known import SQL, Known
from stripchart.history.timescale.migrate import bring_up_to_date
from stripchart.history.timescale.options import ServerOptions
from stripchart.history.timescale.partitions import Partitions
from stripchart.history.timescale.reading import Wanted, at_once, fetched, ordered
from stripchart.history.timescale.reducing import reduced_of
from stripchart.history.timescale.server import Server
from stripchart.history.timescale.storing import Storing, checked
from stripchart.model.sample import PointId, PointIds, SampleBatch

_DAY_MS = 86_400_000


@asynccontextmanager
async def open_historian(options: ServerOptions) -> AsyncIterator["ServerHistorian"]:
    """The historian of a database, whose tables are made or brought up to date; closed when the context ends.

    Raises HistoryUnavailableError when the server cannot be reached, and HistoryUnreadableError when its tables are
    of a newer release.
    """
    server = Server(options)
    known, partitions = Known(), Partitions()
    try:
        async with server.writing() as connection:
            has_timescale = await bring_up_to_date(connection, options.place)
            await known.load(connection)
            if not has_timescale:
                await partitions.load(connection)
        historian = ServerHistorian(server, known, None if has_timescale else partitions)
        async with historian.care.running():
            yield historian
    finally:
        await server.aclose()


class ServerHistorian:
    """The Historian port; see there for what each method promises. `care` looks after what is stored."""

    def __init__(self, server: Server, known: Known, partitions: Partitions | None) -> None:
        self._server, self._known = server, known
        self._storing = Storing(known, partitions, by_copy=server.options.by_copy)
        self.care = Care(server, known, partitions)
        self.queries, self.options = server.queries, server.options

    @property
    def connections(self) -> int:
        return self._server.connections

    async def append(self, batch: SampleBatch) -> None:
        self._server.check_open()
        batch = self._known.kept_of(checked(batch))
        if len(batch) or batch.texts:
            async with self._server.writing() as connection:
                fresh = await self._storing.store(connection, batch)
            self.care.note_stored(fresh)

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
        wanted = self._wanted(points, start_ms, end_ms)
        if after is not None:
            wanted = wanted.behind(after, descending=descending)
        async with self._server.asking() as connection:
            found = await at_once(connection, wanted, limit, descending=descending)
        if found is not None:
            return found
        async with self._server.reading() as connection:
            return await ordered(connection, wanted, limit, descending=descending)

    async def count(self, points: Sequence[PointId], start_ms: int, end_ms: int) -> int:
        wanted = self._wanted(points, start_ms, end_ms)
        total = 0
        async with self._server.reading() as connection:
            for start in np.unique(wanted.start_ms).tolist():
                same = wanted.point_id[wanted.start_ms == start]
                if start < end_ms:
                    spans = await spans_of(connection, same, (start, end_ms), _DAY_MS, self._known.horizons)
                    total += 0 if spans is None else int(spans.samples.sum())
        return total

    async def buckets(self, points: Sequence[PointId], start_ms: int, end_ms: int, grid: Grid) -> Buckets:
        check_grid(grid)
        async with self._server.reading() as connection:
            there = self._known.there_of(points)
            return await buckets_of(connection, there, (start_ms, end_ms), grid, self._known.horizons)

    async def reduced(self, points: Sequence[PointId], start_ms: int, end_ms: int, most: int) -> SampleBatch:
        check_most(most)
        async with self._server.reading() as connection:
            return await reduced_of(connection, self._wanted(points, start_ms, end_ms), most)

    async def in_force(self, points: Sequence[PointId], at_ms: int) -> SampleBatch:
        async with self._server.asking() as connection:
            found = await fetched(connection, self._wanted(points, EVER_MS, at_ms + 1), 1, descending=True)
        return found.where(np.argsort(found.point_id, kind="stable"))

    async def latest(self) -> SampleBatch:
        async with self._server.reading() as connection:
            await self._known.load(connection)
            ids = self._known.all_there()
            found = await fetched(connection, self._ranges(ids, EVER_MS, NEVER_MS), 1, descending=True)
            horizons = self._known.horizons
            rows = [tuple(row) for row in await connection.fetch(SQL["newest_texts"])]
        texts = {PointId(point): (at, text) for point, at, text in rows if horizons.at(point).raw_ms < NEVER_MS}
        found = found.where(np.argsort(found.point_id, kind="stable"))
        return SampleBatch(found.point_id, found.at_ms, found.value, found.quality, texts)

    async def texts(self, point: PointId, start_ms: int, end_ms: int) -> list[tuple[int, str]]:
        self._server.check_open()
        raw_ms = self._known.horizons.at(point).raw_ms
        if raw_ms == NEVER_MS:
            return []
        asked = (moment(within_reach(at_ms)) for at_ms in (max(start_ms, raw_ms), end_ms))
        async with self._server.asking() as connection:
            return [(row[0], row[1]) for row in await connection.fetch(SQL["texts"], int(point), *asked)]

    async def retain(self, horizons: Horizons) -> None:
        async with self._server.writing() as connection:
            await self._known.retain(connection, horizons)
        self.care.wake()

    async def forget(self, points: Sequence[PointId]) -> None:
        async with self._server.writing() as connection:
            await self._known.forget(connection, points)
        self.care.wake()

    async def describe(self, registers: Sequence[RegisterInfo]) -> None:
        """Say what points are, for those who look into the database with SQL."""
        await self.care.describe(registers)

    async def room(self) -> Room:
        self._server.check_open()
        return self.care.room

    async def stats(self) -> HistoryStats:
        async with self._server.reading() as connection:
            samples, first_ms, last_ms, _ = tuple(await connection.fetchrow(SQL["tally"]))
            size = await self.care.sizes.bytes(connection)
        return HistoryStats(samples, size, first_ms, last_ms)

    async def figures(self) -> ServerFigures:
        """How the database is doing: rate, growth, chunks, compression, how long queries take."""
        async with self._server.reading() as connection:
            return await self.care.figures(connection)

    async def aclose(self) -> None:
        await self.care.aclose()
        await self._server.aclose()

    def _wanted(self, points: Sequence[PointId], start_ms: int, end_ms: int) -> Wanted:
        return self._ranges(self._known.there_of(points), start_ms, end_ms)

    def _ranges(self, points: PointIds, start_ms: int, end_ms: int) -> Wanted:
        starts = np.maximum(start_ms, self._known.horizons.raw_of(points))
        return Wanted(points, starts, np.full(len(points), end_ms, np.int64))
