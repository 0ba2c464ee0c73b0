"""A historian that loses nothing while its server is away: what that cannot take now waits on the disk."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog

from stripchart.history.base import Buckets, Cursor, Historian, HistoryError, HistoryStats, HistoryUnavailableError
from stripchart.history.embedded.lock import lock_folder
from stripchart.history.grid import Grid
from stripchart.history.horizons import Horizons
from stripchart.history.room import Room
from stripchart.history.spool.options import SpoolOptions
from stripchart.history.spool.spool import Spool
from stripchart.history.spool.together import Together
from stripchart.history.waiting import WaitingHealth
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.sample import PointId, SampleBatch

log = structlog.get_logger()

_Result = TypeVar("_Result")
_AT_ONCE = 50_000
_RETRY_S = 1.0
_PATIENCE_S = 5.0
"""So long a batch is in memory alone while the server does not say that it is away, but does not answer either."""

Check = Callable[[SampleBatch], SampleBatch]


@contextlib.asynccontextmanager
async def open_spooled(
    inner: Historian, folder: Path, options: SpoolOptions, check: Check
) -> AsyncIterator["SpooledHistorian"]:
    """The historian `inner` behind a spool in the folder, which one process uses at a time.

    `check` raises ValueError for a batch that `inner` would never take. Raises HistoryError.
    """
    lock = lock_folder(folder)
    try:
        spool = await asyncio.to_thread(Spool, folder, options)
        historian = SpooledHistorian(inner, spool, options, check)
        try:
            yield historian
        finally:
            await historian.aclose()
    finally:
        lock.close()


class SpooledHistorian:
    """The Historian port. What waits in the spool is told with what is stored; while the server is away nothing is.

    While anything waits, what comes new waits behind it, so that all is stored in the order it came.
    """

    def __init__(self, inner: Historian, spool: Spool, options: SpoolOptions, check: Check) -> None:
        self._inner, self._spool, self._options, self._check = inner, spool, options, check
        self.queries = inner.queries
        self._together = Together(inner, spool.waiting)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spool")
        self._turn = asyncio.Lock()
        self._filled = asyncio.Event()
        self._forwarded = 0
        self._problem: str | None = None
        self._cause: Cause | None = None
        self._closed = False
        if not spool.is_empty:
            self._filled.set()
        self._health = self._looked()
        self._task = asyncio.create_task(self._forward(), name="spool")

    @property
    def connections(self) -> int:
        return self._inner.connections

    def health(self) -> WaitingHealth:
        """What waits, and why."""
        return self._health

    async def append(self, batch: SampleBatch) -> None:
        batch = self._check(batch)
        async with self._turn:
            if not self._filled.is_set():
                try:
                    async with asyncio.timeout(_PATIENCE_S):
                        await self._inner.append(batch)
                except HistoryError as error:
                    if self._closed:
                        raise
                    self._note_problem(str(error), error.cause)
                except TimeoutError:
                    # Perhaps it is stored all the same: twice stores it once.
                    cause = Cause(CauseCode.NO_REPLY, {"limit_s": _PATIENCE_S})
                    self._note_problem(f"the server did not take samples within {_PATIENCE_S:g} s", cause)
                else:
                    return
            await self._run(lambda: self._spool.put(batch))
            self._filled.set()

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
        with self._told():
            return await self._together.read(points, (start_ms, end_ms), limit, after, descending=descending)

    async def count(self, points: Sequence[PointId], start_ms: int, end_ms: int) -> int:
        with self._told():
            return await self._together.count(points, (start_ms, end_ms))

    async def buckets(self, points: Sequence[PointId], start_ms: int, end_ms: int, grid: Grid) -> Buckets:
        with self._told():
            return await self._together.buckets(points, (start_ms, end_ms), grid)

    async def reduced(self, points: Sequence[PointId], start_ms: int, end_ms: int, most: int) -> SampleBatch:
        with self._told():
            return await self._together.reduced(points, (start_ms, end_ms), most)

    async def in_force(self, points: Sequence[PointId], at_ms: int) -> SampleBatch:
        with self._told():
            return await self._together.in_force(points, at_ms)

    async def latest(self) -> SampleBatch:
        with self._told():
            return await self._together.latest()

    async def texts(self, point: PointId, start_ms: int, end_ms: int) -> list[tuple[int, str]]:
        with self._told():
            return await self._together.texts(point, start_ms, end_ms)

    async def retain(self, horizons: Horizons) -> None:
        self._together.horizons = horizons
        await self._inner.retain(horizons)

    async def forget(self, points: Sequence[PointId]) -> None:
        self._together.horizons = self._together.horizons.with_gone(points)
        await self._inner.forget(points)

    async def room(self) -> Room:
        return await self._inner.room()

    async def stats(self) -> HistoryStats:
        return await self._inner.stats()

    async def aclose(self) -> None:
        """End forwarding; what waits stays on the disk for the next start. Closing twice is fine."""
        if self._closed:
            return
        self._closed = True
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._inner.aclose()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._spool.close)
        self._thread.shutdown()

    async def _forward(self) -> None:
        # Cancelling is not enough: what forwards may have been answered at that very moment.
        while not self._closed:
            await self._filled.wait()
            try:
                await self._forward_all()
            except HistoryError as error:
                self._note_problem(str(error), error.cause)
                await asyncio.sleep(_RETRY_S)
            except Exception as bug:
                if self._problem is None:
                    log.exception("history.bug")
                self._note_problem(f"internal error: {bug}", Cause(CauseCode.INTERNAL, {"said": str(bug)}))
                await asyncio.sleep(_RETRY_S)

    async def _forward_all(self) -> None:
        """Until nothing waits."""
        while not self._closed and (taken := await self._run(lambda: self._spool.take(_AT_ONCE))) is not None:
            await self._inner.append(taken.batch)
            self._forwarded += len(taken.batch)
            self._note_problem(None)
            await self._run(partial(self._spool.done, taken.sequence))
        async with self._turn:
            # Nothing is put while this has the turn.
            if self._spool.is_empty:
                self._filled.clear()

    async def _run(self, job: Callable[[], _Result]) -> _Result:
        """On the one thread of the spool; afterwards what waits is told anew."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, job)
        finally:
            self._health = self._looked()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Say with what cannot be asked now what becomes of the samples of meanwhile."""
        try:
            yield
        except HistoryUnavailableError as error:
            if not (waiting := self._health.samples):
                raise
            raise HistoryUnavailableError(f"{error}; meanwhile samples wait on the disk, {waiting} by now") from error

    def _looked(self) -> WaitingHealth:
        spool = self._spool
        return WaitingHealth(
            samples=spool.samples,
            bytes=spool.bytes,
            since_ms=spool.since_ms,
            max_bytes=self._options.max_bytes,
            max_hours=self._options.hours,
            forwarded=self._forwarded,
            dropped=spool.dropped,
            problem=self._problem,
            cause=self._cause,
        )

    def _note_problem(self, problem: str | None, cause: Cause | None = None) -> None:
        if problem is not None and self._problem is None:
            log.error("history.away", reason=problem)
        if problem is None and self._problem is not None:
            log.info("history.back", waiting=self._spool.samples)
        self._problem, self._cause = problem, cause
        self._health = self._looked()
