"""From the poller to the disk, and only then to everybody who looks."""

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np
import structlog

from stripchart.alarms.engine import AlarmEngine, LevelChanges
from stripchart.background import in_background
from stripchart.history.base import Historian, HistoryError
from stripchart.model.alarm import Thresholds
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.point import Point
from stripchart.model.sample import PointIds, SampleBatch
from stripchart.model.time import Clock, SystemClock
from stripchart.pipeline.counters import Counters
from stripchart.pipeline.deadband import Deadband
from stripchart.pipeline.latest import Latest
from stripchart.pipeline.outbox import Outbox
from stripchart.pipeline.recall import last_values
from stripchart.pipeline.rounds import rounds

log = structlog.get_logger()

_ROOM_PARTS = 5
"""A fifth of what may wait, a second or so of all that one process can poll, may wait to be taken up."""


@dataclass(frozen=True, slots=True)
class PipelineOptions:
    """`waiting_samples`: how many samples may wait in memory while the historian is away (21 bytes each).

    `store_samples`: the most that is handed to the historian at once. `retry_s`: pause after it refused. `gather_s`:
    how long samples are gathered, while many come, before they are stored together and shown.
    """

    waiting_samples: int = 5_000_000
    store_samples: int = 200_000
    retry_s: float = 1.0
    gather_s: float = 0.1

    def __post_init__(self) -> None:
        """Raises ValueError naming the option and what is allowed."""
        for name, least in (
            ("waiting_samples", 1),
            ("store_samples", 1),
            ("retry_s", 0.001),
            ("gather_s", 0),
        ):
            if not least <= getattr(self, name) < math.inf:
                raise ValueError(f"{name} {getattr(self, name)}: allowed are {least} and more")


@dataclass(frozen=True, slots=True)
class RecordingHealth:
    """How recording goes: samples stored, waiting and lost since the start; what is wrong now, if anything.

    `cause` says what is wrong by code.
    """

    stored: int
    waiting: int
    dropped: int
    problem: str | None
    cause: Cause | None = None


class _Room:
    """To be waited for by those who bring samples faster than they are stored."""

    def __init__(self) -> None:
        self._is_there = asyncio.Event()

    def open(self, *, is_there: bool) -> None:
        if is_there:
            self._is_there.set()
        else:
            self._is_there.clear()

    def __await__(self) -> Generator[object, None, None]:
        yield from self._is_there.wait().__await__()


class Pipeline:
    """Stores what arrives, then shows it in `latest`: a value on the page is on disk already.

    While the historian refuses, samples wait (bounded, the oldest dropped and counted) and the page goes on.
    """

    def __init__(self, historian: Historian, options: PipelineOptions, clock: Clock | None = None) -> None:
        self.latest = Latest()
        self.alarms = AlarmEngine()
        self._clock = clock or SystemClock()
        self._historian = historian
        self._options = options
        self._counters = Counters()
        self._deadband = Deadband()
        self._arrived = Outbox(options.waiting_samples)
        self._room = _Room()
        self._unstored = Outbox(options.waiting_samples)
        self._accepted = 0
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []
        self._stored = 0
        self._problem: str | None = None
        self._cause: Cause | None = None
        self._levels_told: Callable[[LevelChanges], None] = lambda _: None
        self._rest_until_s = 0.0
        self._moved_at_s = 0.0

    def declare(self, ids: PointIds, points: Sequence[Point], stale_after_s: Sequence[float]) -> None:
        """Make points known: what of them is recorded, what they can be, and when their values are stale."""
        self.latest.declare(ids, (np.array(stale_after_s) * 1000).astype(np.int64))
        self._counters.declare(ids, points, self.latest.samples(ids))
        self._deadband.declare(ids, [point.record for point in points])

    def go_on_from(self, ids: PointIds, points: Sequence[Point], newest: SampleBatch) -> None:
        """Points that somebody else has read until now, and samples of theirs that are kept: what is read next is
        judged by the newest of these, and kept whatever was kept here before."""
        self.latest.update(self.latest.news(newest))
        self._counters.go_on_from(self.latest.samples(ids))
        self._deadband.declare(ids, [point.record for point in points])

    def watch(self, ids: PointIds, thresholds: Sequence[Thresholds | None]) -> None:
        """The thresholds of points from now on; what they say now is judged by them at once."""
        values = self.latest.values(ids, self._clock.now_ms()).good_value
        self._tell_levels(self.alarms.declare(ids, thresholds, values))

    def follow_levels(self, told: Callable[[LevelChanges], None]) -> None:
        """From now on whatever changes by thresholds is told there, at once; it must be quick and not raise."""
        self._levels_told = told

    def accept(self, batch: SampleBatch) -> Awaitable[None] | None:
        """Take over a batch. Returns at once; never fails.

        Pollers that bring more than can be stored are given something to wait for: they poll less often, and nothing
        is lost. While the historian refuses, they go on.
        """
        self._accepted += 1
        self._arrived.put(batch)
        if self._has_room():
            return None
        self._room.open(is_there=False)
        return self._room

    def _has_room(self) -> bool:
        most = self._options.waiting_samples // _ROOM_PARTS
        return self._arrived.waiting <= most or self._problem is not None

    async def show(self, batch: SampleBatch) -> None:
        """Take over a batch, and wait until it is stored and shown; shown alone while the historian refuses."""
        self.accept(batch)
        showing = asyncio.get_running_loop().create_future()
        self._waiting.append((self._accepted, showing))
        await showing

    async def keep(self, batch: SampleBatch) -> None:
        """Store samples that others have taken, and show those that are newer than what is shown.

        Raises HistoryError: none of them was kept.
        """
        await self._historian.append(batch)
        self._stored += len(batch)
        news = self.latest.news(batch)
        self._judge(news)
        self.latest.update(news)

    def remember(self, newest: SampleBatch, good: SampleBatch) -> None:
        """Show samples of before that others keep, where nothing newer is known. `good`: the last with a value.

        They are stored already, or will be by who took them.
        """
        self.latest.update(self.latest.news(newest))
        self.latest.recall(good)

    def mirror(self, newest: SampleBatch, good: SampleBatch) -> None:
        """Show samples that another process takes now, and judge them: it stores them. Both as in `remember`."""
        news = self.latest.news(newest)
        self._judge(news)
        self.latest.update(news)
        self.latest.recall(good)

    @property
    def waiting_most(self) -> int:
        """How many samples may wait."""
        return self._options.waiting_samples

    def health(self) -> RecordingHealth:
        waiting = self._arrived.waiting + self._unstored.waiting
        dropped = self._arrived.dropped + self._unstored.dropped
        return RecordingHealth(self._stored, waiting, dropped, self._problem, self._cause)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Store and show what arrives. Starts with what history knows; stores what is left when it ends.

        What points said before they fell silent is looked for meanwhile.
        """
        self.latest.update(await self._historian.latest())
        try:
            async with in_background({"pipeline": self._run(), "recall": self._recall()}):
                yield
        finally:
            await self._drain()
            self._tell()

    async def _recall(self) -> None:
        silent = self.latest.silent()
        if not len(silent):
            return
        try:
            self.latest.recall(await last_values(self._historian, silent, self._clock.now_ms()))
        except HistoryError as error:
            log.warning("recording.not_recalled", points=len(silent), reason=str(error))

    async def _run(self) -> None:
        while True:
            await self._until_there_is_work()
            await self._move_on()
            self._tell()

    def _tell(self) -> None:
        """Those who wait for what is shown by now."""
        shown = self._accepted - self._arrived.batches
        due = [showing for number, showing in self._waiting if number <= shown]
        self._waiting = [(number, showing) for number, showing in self._waiting if number > shown]
        for showing in due:
            if not showing.done():
                showing.set_result(None)

    async def _until_there_is_work(self) -> None:
        """Until something arrives, or what is not stored yet may be tried (again).

        What comes close behind another is gathered for a moment: storing costs the same for one sample and for many.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(self._rest_until_s if self._unstored else None):
                await self._arrived.filled()
        wait_s = self._moved_at_s + self._options.gather_s - _now()
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        self._moved_at_s = _now()

    async def _move_on(self) -> None:
        """Store what arrived, behind what still waits from before; then show it."""
        fresh = self._counters.judged(self._arrived.take(self._options.store_samples))
        kept = self._deadband.kept(fresh)
        if len(kept) or kept.texts:
            self._unstored.put(kept)
        if self._unstored and _now() >= self._rest_until_s:
            await self._store()
        if self._has_room():
            self._room.open(is_there=True)
        self._judge(fresh)
        self.latest.update(fresh)

    def _judge(self, fresh: SampleBatch) -> None:
        concerned = self.alarms.concerned(fresh)
        if len(concerned):
            for rows in rounds(concerned.point_id):
                self._tell_levels(self.alarms.judge(concerned.where(rows)))

    def _tell_levels(self, changes: LevelChanges) -> None:
        if len(changes):
            self._levels_told(changes)

    async def _store(self) -> None:
        batch = self._unstored.take(self._options.store_samples)
        try:
            await self._historian.append(batch)
        except asyncio.CancelledError:
            # Perhaps it was stored, perhaps not; storing it again stores it once.
            self._unstored.put_back(batch)
            raise
        except HistoryError as error:
            self._refused(batch, str(error), error.cause)
        except Exception as bug:
            if self._problem is None:
                log.exception("recording.bug")
            self._refused(batch, f"internal error: {bug}", Cause(CauseCode.INTERNAL, {"said": str(bug)}))
        else:
            self._stored += len(batch)
            self._note_problem(None)

    def _refused(self, batch: SampleBatch, problem: str, cause: Cause) -> None:
        self._unstored.put_back(batch)
        self._rest_until_s = _now() + self._options.retry_s
        self._note_problem(problem, cause)

    def _note_problem(self, problem: str | None, cause: Cause | None = None) -> None:
        if problem == self._problem:
            return
        if problem is None:
            log.info("recording.resumed", waiting=self._unstored.waiting)
        elif self._problem is None:
            log.error("recording.failed", reason=problem)
        self._problem, self._cause = problem, cause

    async def _drain(self) -> None:
        """Store what is left, until the historian refuses."""
        self._rest_until_s = 0.0
        while (self._unstored or self._arrived) and not self._rest_until_s:
            await self._move_on()
        if self._unstored:
            log.error("recording.lost", samples=self._unstored.waiting, reason=self._problem)


def _now() -> float:
    return asyncio.get_running_loop().time()
