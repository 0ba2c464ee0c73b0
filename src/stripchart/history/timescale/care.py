"""Looking after the database: roll-ups, what is behind the horizons, how large it is and how fast it grows."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence

import structlog

from stripchart.history.base import HistoryError
from stripchart.history.figures import ServerFigures
from stripchart.history.horizons import DAY_MS, EVER_MS
from stripchart.history.registers import RegisterInfo
from stripchart.history.room import Growth, Room, RoomState, next_state
from stripchart.history.timescale.expiring import Expiring
from stripchart.history.timescale.figures import Rate, Sizes, percentiles
from stripchart.history.timescale.known import SQL, Known
from stripchart.history.timescale.partitions import Partitions
from stripchart.history.timescale.rolling import roll_up
from stripchart.history.timescale.server import Connection, Server

log = structlog.get_logger()

_LOCK = 0x53544341
"""Whoever has this advisory lock looks after the database; all others leave it alone meanwhile."""
_WEEK_MS = 7 * DAY_MS
_STEPS = 50
_NOTHING_KNOWN = Room(RoomState.OK, 0, None, 0.0, None, None, 0, None)


class Care:
    """A task that looks every minute, and when it is woken."""

    def __init__(self, server: Server, known: Known, partitions: Partitions | None) -> None:
        self._server, self._known, self._partitions = server, known, partitions
        self._expiring = Expiring(known, partitions)
        self.sizes = Sizes(has_timescale=partitions is None)
        self.room = _NOTHING_KNOWN
        self._rate = Rate()
        self._growth = Growth([])
        self._woken, self._one_at_a_time = asyncio.Event(), asyncio.Lock()
        self._bytes_when_dropped = 0
        self._problem: str | None = None
        self._task: asyncio.Task[None] | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this is open, the database is looked after."""
        async with self._server.reading() as connection:
            await self._look_around(connection)
        self._task = asyncio.create_task(self._run(), name="history care")
        try:
            yield
        finally:
            await self.aclose()

    async def aclose(self) -> None:
        """End. Ending twice is fine."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def wake(self) -> None:
        """There may be something to do at once."""
        self._woken.set()

    def note_stored(self, rows: int) -> None:
        """So many samples were stored now."""
        self._rate.note(time.monotonic(), rows)

    async def describe(self, registers: Sequence[RegisterInfo]) -> None:
        """Write down what points are."""
        if not registers:
            return
        rows = [
            (each.point_id, each.device_id, each.register_address, each.register_name, each.data_type, each.unit)
            for each in registers
        ]
        async with self._server.writing() as connection:
            await connection.execute(SQL["describe"], *(list(column) for column in zip(*rows, strict=True)))

    async def figures(self, connection: Connection) -> ServerFigures:
        """How the database is doing now."""
        samples, first_ms, last_ms, _ = tuple(await connection.fetchrow(SQL["tally"]))
        chunks, compressed, ratio = await self.sizes.chunks(connection)
        return ServerFigures(
            kind="timescale" if self._partitions is None else "plain",
            samples=samples,
            bytes=await self.sizes.bytes(connection),
            first_ms=first_ms,
            last_ms=last_ms,
            chunks=chunks,
            compressed=compressed,
            compression_ratio=ratio,
            rows_per_s=self._rate.per_s(time.monotonic()),
            growth_bytes_per_day=self.room.growth_bytes_per_day,
            query_ms=percentiles(self._server.took_s),
        )

    async def look_after(self) -> bool:
        """One round: what is due is done. Whether it was: not while another process looks after the database."""
        async with self._one_at_a_time:
            connection = await self._server.connect(patient=True)
            try:
                if not await connection.fetchval(f"SELECT pg_try_advisory_lock({_LOCK})"):
                    return False
                await self._round(connection, time.time_ns() // 1_000_000)
                return True
            finally:
                await connection.close(timeout=self._server.options.connect_s)

    async def _round(self, connection: Connection, now_ms: int) -> None:
        await self._known.load(connection)
        await self._expiring.load(connection)
        if self._partitions is not None:
            await self._partitions.make_ahead(connection, now_ms)
        await roll_up(connection, now_ms, has_timescale=self._partitions is None)
        await self._expiring.drop(connection, now_ms)
        await self._look_around(connection)
        await self._note_growth(connection, now_ms)
        await self._make_room(connection, now_ms)

    async def _run(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._server.options.care_every_s):
                    await self._woken.wait()
            self._woken.clear()
            try:
                with self._server.told():
                    await self.look_after()
            except HistoryError as error:
                self._note_problem(str(error))
            else:
                self._note_problem(None)

    def _note_problem(self, problem: str | None) -> None:
        if problem is not None and self._problem is None:
            log.warning("history.not_looked_after", reason=problem)
        self._problem = problem

    async def _look_around(self, connection: Connection) -> None:
        bound = self._server.options.max_bytes
        taken = await self.sizes.bytes(connection)
        samples, *_, dropped = tuple(await connection.fetchrow(SQL["tally"]))
        used = 0.0 if bound is None else taken / bound
        free = None if bound is None else max(0, bound - taken)
        per_day = self._growth.per_day(time.time_ns() // 1_000_000, samples)
        growth = None if per_day is None or not samples else per_day * taken / samples
        floor_ms = self._known.floor_ms
        self.room = Room(
            state=next_state(self.room.state, used),
            bytes=taken,
            free_bytes=free,
            used=min(used, 1.0),
            growth_bytes_per_day=growth,
            days_left=free / growth if free is not None and growth is not None and growth > 0 else None,
            dropped_samples=dropped,
            dropped_before_ms=None if floor_ms == EVER_MS else floor_ms,
        )

    async def _note_growth(self, connection: Connection, now_ms: int) -> None:
        if not self._growth.looks:
            self._growth = Growth([(row[0], row[1]) for row in await connection.fetch(SQL["growth"])])
        samples = await connection.fetchval("SELECT samples FROM history.tally")
        if self._growth.note(now_ms, samples):
            await connection.execute(SQL["note_growth"], now_ms, samples)
            await connection.execute(SQL["drop_growth"], now_ms - _WEEK_MS)

    async def _make_room(self, connection: Connection, now_ms: int) -> None:
        """Where the user wants it: drop the oldest days of all points, never those of the newest day.

        What plain PostgreSQL deletes makes room within its files, which do not shrink: more goes once they grow.
        """
        if not self._server.options.drop_when_full or self.room.state is not RoomState.FULL:
            return
        if self._partitions is not None and self.room.bytes <= self._bytes_when_dropped:
            return
        oldest = await connection.fetchval("SELECT min(day) FROM history.day WHERE NOT emptied")
        newest = await connection.fetchval("SELECT max(day) FROM history.day WHERE day <= $1", now_ms // DAY_MS)
        if oldest is None or newest is None or oldest >= newest:
            return
        floor_ms = (oldest + max(1, (newest - oldest) // _STEPS)) * DAY_MS
        log.warning("history.dropping_for_room", before_ms=floor_ms, used_percent=round(100 * self.room.used, 1))
        before = await connection.fetchval("SELECT samples FROM history.tally")
        await self._known.raise_floor(connection, floor_ms)
        await self._expiring.drop(connection, now_ms)
        dropped = before - await connection.fetchval("SELECT samples FROM history.tally")
        await connection.execute("UPDATE history.tally SET dropped = dropped + $1", dropped)
        self._bytes_when_dropped = self.room.bytes
        await self._look_around(connection)
