"""Trend logs: the newest samples of points, recorded on the grid of each log's interval, and only so many kept."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass

import numpy as np
import structlog

from stripchart.history.base import Historian, HistoryError
from stripchart.history.horizons import EVER_MS, NEVER_MS
from stripchart.model.device import Device
from stripchart.model.quality import Quality
from stripchart.model.sample import PointId, PointIds, SampleBatch
from stripchart.model.time import Clock
from stripchart.model.trend_log import TrendLog, TrendLogId
from stripchart.pipeline.latest import Latest
from stripchart.pipeline.retention import Retention

log = structlog.get_logger()

_LOOK_EVERY_S = 1.0
"""A clock that was set is noticed so soon."""
_TRIMS = 20
"""So often in the life of a sample what is too much is let go: a twentieth too many is kept at the most."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A log with the points it records: `series` are the ids under which samples of `points` are kept by it.

    `keys` are those of the points, in the same order.
    """

    log: TrendLog
    device: Device
    keys: Sequence[str]
    points: PointIds
    series: PointIds


@dataclass(frozen=True, slots=True)
class Collection:
    """How points are read of which there is nothing new enough. `collect` says whether it went well.

    A sample is new enough when it is no older than the log's interval, or than `new_enough_s`. After a collection in
    vain the log records what there is, and the points are read again `retry_s` later.
    """

    collect: Callable[[Device, Sequence[str]], Awaitable[bool]]
    new_enough_s: float
    retry_s: float


@dataclass(slots=True)
class _State:
    recording: Recording
    slot_ms: int
    since_trim: int
    retry_at_ms: int | None = None
    task: asyncio.Task[None] | None = None


class TrendLogRecorder:
    """Records what `latest` says: a bad value as bad, an old one as stale, and nothing while the program is down."""

    def __init__(
        self,
        latest: Latest,
        accept: Callable[[SampleBatch], object],
        historian: Historian,
        clock: Clock,
        collection: Collection | None = None,
    ) -> None:
        self._latest, self._accept, self._historian, self._clock = latest, accept, historian, clock
        self._collection = collection
        self._states: dict[TrendLogId, _State] = {}

    def declare(self, recordings: Sequence[Recording]) -> None:
        """From now on these are recorded, new ones from the next time of their grid on."""
        now_ms = self._clock.now_ms()
        known = self._states
        self._states = {}
        for recording in recordings:
            state = known.get(recording.log.id)
            if state is None or state.recording.log.interval_s != recording.log.interval_s:
                state = _State(recording, recording.log.slot_ms(now_ms), 2**31)
            state.recording = recording
            self._states[recording.log.id] = state

    def record(self, now_ms: int) -> None:
        """Record what is due, or begin to read what is too old for that."""
        for state in self._states.values():
            slot_ms = state.recording.log.slot_ms(now_ms)
            if slot_ms != state.slot_ms:
                state.slot_ms = slot_ms
                state.since_trim += 1
                self._begin(state, slot_ms, now_ms)
            elif state.retry_at_ms is not None and now_ms >= state.retry_at_ms:
                self._begin(state, None, now_ms)

    def _begin(self, state: _State, slot_ms: int | None, now_ms: int) -> None:
        """Record at once, or once the points are read. `slot_ms` None: it is tried again."""
        is_busy = state.task is not None and not state.task.done()
        old = [] if is_busy else self._too_old(state, now_ms)
        if self._collection is not None and old:
            job = self._collect(self._collection, state, slot_ms, old)
            state.task = asyncio.create_task(job, name=f"collect {state.recording.log.name}")
        elif slot_ms is not None:
            self._accept(self._samples(state.recording, slot_ms))
        elif not is_busy:
            state.retry_at_ms = None

    async def _collect(self, how: Collection, state: _State, slot_ms: int | None, keys: Sequence[str]) -> None:
        went_well = await how.collect(state.recording.device, keys)
        now_ms = self._clock.now_ms()
        state.retry_at_ms = None if went_well else now_ms + round(how.retry_s * 1000)
        if went_well or slot_ms is not None:
            self._accept(self._samples(state.recording, now_ms if slot_ms is None else slot_ms))

    def _too_old(self, state: _State, now_ms: int) -> list[str]:
        """Keys of the points to be read: none while a device that could not be read is left alone."""
        if self._collection is None or (state.retry_at_ms is not None and now_ms < state.retry_at_ms):
            return []
        recording = state.recording
        values = self._latest.values(recording.points, now_ms)
        oldest_ms = now_ms - round(1000 * max(recording.log.interval_s, self._collection.new_enough_s))
        is_old = (values.at_ms < oldest_ms) | (values.quality == Quality.BAD_COMM)
        return [key for key, old in zip(recording.keys, is_old.tolist(), strict=True) if old]

    def _samples(self, recording: Recording, at_ms: int) -> SampleBatch:
        values = self._latest.values(recording.points, self._clock.now_ms())
        return SampleBatch(recording.series, np.full(len(recording.series), at_ms), values.value, values.quality)

    async def trim(self, retention: Retention) -> None:
        """Let go of what is more than the logs may keep. Raises HistoryError."""
        for state in list(self._states.values()):
            trend_log = state.recording.log
            if state.since_trim * _TRIMS < trend_log.max_samples:
                continue
            state.since_trim = 0
            series = list(trend_log.series.values())
            kept_from = await kept_from_ms(self._historian, series, trend_log.max_samples)
            if kept_from > EVER_MS:
                retention.keep_from(dict.fromkeys(series, kept_from))

    @contextlib.asynccontextmanager
    async def running(self, retention: Retention) -> AsyncIterator[None]:
        """While this is open, the logs are recorded."""
        task = asyncio.create_task(self._run(retention), name="trend logs")
        try:
            yield
        finally:
            tasks = [task, *(state.task for state in self._all() if state.task is not None)]
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, retention: Retention) -> None:
        while True:
            await asyncio.sleep(self._until_next_s())
            self.record(self._clock.now_ms())
            try:
                await self.trim(retention)
            except HistoryError as error:
                log.error("trend_log.not_trimmed", reason=str(error))

    def _until_next_s(self) -> float:
        now_ms = self._clock.now_ms()
        nexts = (state.recording.log.slot_ms(now_ms) + state.recording.log.interval_s * 1000 for state in self._all())
        return min(_LOOK_EVERY_S, max(1, min(nexts, default=NEVER_MS) - now_ms) / 1000)

    def _all(self) -> list[_State]:
        return list(self._states.values())


async def kept_from_ms(historian: Historian, series: Sequence[PointId], max_samples: int) -> int:
    """From when on the samples of a log are kept, its newest so many; EVER_MS while there are fewer."""
    kept_from = EVER_MS
    for each in series:
        newest = await historian.read([each], EVER_MS, NEVER_MS, limit=max_samples, descending=True)
        if len(newest) == max_samples:
            kept_from = max(kept_from, int(newest.at_ms[-1]))
    return kept_from
