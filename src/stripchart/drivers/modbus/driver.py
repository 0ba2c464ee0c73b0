"""One Modbus device: runs its plan over a link, and turns what failed into bad samples."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from stripchart.drivers.base import DriverError, LinkDownError, NoAnswerError, Poll, RefusedError
from stripchart.drivers.modbus.columns import Words
from stripchart.drivers.modbus.compiled import CompiledProfile, CompiledRead
from stripchart.model.block import Block
from stripchart.model.profile import Condition, Pacing
from stripchart.model.sample import PointId, PointIds, SampleBatch, Times
from stripchart.model.time import Clock

_SILENT_BLOCKS_UNTIL_GIVING_UP = 2


class Link(Protocol):
    """What a driver needs of a link."""

    async def read(self, unit_id: int, block: Block, pacing: Pacing) -> Words:
        """The words of the block. Raises DriverError."""


@dataclass(slots=True)
class _Cycle:
    """What the cycle under way has brought so far."""

    parts: list[SampleBatch] = field(default_factory=list)
    groups: set[str] = field(default_factory=set)
    blocks_read: int = 0
    silent_blocks: int = 0
    error: DriverError | None = None
    gave_up: bool = False

    def failed(self, error: DriverError) -> None:
        """Note the failure; a dead link or a silent device is not asked for the rest."""
        self.error = self.error or error
        self.silent_blocks += isinstance(error, NoAnswerError)
        nothing_yet = not self.blocks_read and not isinstance(self.error, RefusedError)
        silent = self.silent_blocks >= (1 if nothing_yet else _SILENT_BLOCKS_UNTIL_GIVING_UP)
        self.gave_up = self.gave_up or isinstance(error, LinkDownError) or silent


class ModbusDriver:
    """Reads one device. `point_ids` are the ids of the profile's points, in the profile's order."""

    def __init__(
        self,
        link: Link,
        unit_id: int,
        compiled: CompiledProfile,
        point_ids: PointIds,
        *,
        clock: Clock,
        release: Callable[[], Awaitable[None]],
    ) -> None:
        self._link = link
        self._unit_id = unit_id
        self._pacing = compiled.profile.pacing
        self._reads = compiled.reads
        self._ids = [point_ids[read.decoder.positions] for read in compiled.reads]
        self._all_ids = point_ids
        self._current = np.full(len(point_ids), np.nan)
        self._owed = {read.group.name for read in compiled.reads}
        self._was_silent = False
        self._clock = clock
        self._release = release

    async def poll(self, cycle: int) -> Poll:
        done = _Cycle()
        for read, ids in zip(self._reads, self._ids, strict=True):
            if cycle % read.group.every and read.group.name not in self._owed:
                continue
            if read.group.when is not None and not self._holds(read):
                self._assume(read, read.group.when, ids, done)
                continue
            await self._poll_read(read, ids, done)
        self._was_silent = done.gave_up
        return Poll(SampleBatch.joined(done.parts), done.blocks_read, done.error)

    async def aclose(self) -> None:
        await self._release()

    def _holds(self, read: CompiledRead) -> bool:
        """Whether the group is to be read; also when its condition is not known."""
        now = self._current[read.condition_place]
        return read.group.when is None or np.isnan(now) or bool(now == read.group.when.equals)

    def _assume(self, read: CompiledRead, when: Condition, ids: PointIds, done: _Cycle) -> None:
        """The profile says what the points are while the condition is false: no request is needed."""
        self._owed.discard(read.group.name)
        is_of_this_cycle = read.condition_group in done.groups
        if when.otherwise is None or (done.gave_up and not is_of_this_cycle):
            return
        self._current[read.decoder.positions] = when.otherwise
        count = len(ids)
        at = np.full(count, self._clock.now_ms())
        done.parts.append(SampleBatch(ids, at, np.full(count, when.otherwise), np.zeros(count, np.uint8)))

    async def _poll_read(self, read: CompiledRead, ids: PointIds, done: _Cycle) -> None:
        words = np.zeros(read.decoder.word_count, np.uint16)
        times = np.full(len(read.blocks), self._clock.now_ms())
        failed: list[int] = []
        owed = False
        for number, block in enumerate(read.blocks):
            try:
                words[read.decoder.slices[number]] = await self._read_block(block, done)
                times[number] = self._clock.now_ms()
                done.blocks_read += 1
            except DriverError as error:
                failed.append(number)
                done.failed(error)
                owed = owed or done.gave_up or not (isinstance(error, RefusedError) and error.is_final)
        done.groups.add(read.group.name)
        self._note_owed(read.group.name, owed=owed)
        done.parts.append(self._samples(read, ids, words, times, failed))

    async def _read_block(self, block: Block, done: _Cycle) -> Words:
        """One block, asked again when nothing sensible came; once of a device that was out of reach last time."""
        if done.gave_up:
            raise done.error or NoAnswerError(f"unit {self._unit_id}: given up in this cycle")
        attempts = 1 if self._was_silent else 1 + self._pacing.retries
        for attempt in range(1, attempts + 1):
            try:
                return await self._ask(block)
            except RefusedError:
                raise
            except DriverError:
                if attempt == attempts:
                    raise
            await asyncio.sleep(self._pacing.pause_before_retry_s)
        raise AssertionError("the last attempt returns or raises")

    async def _ask(self, block: Block) -> Words:
        try:
            return await self._link.read(self._unit_id, block, self._pacing)
        except RefusedError as refusal:
            if refusal.is_of_gateway:
                raise NoAnswerError(str(refusal)) from refusal
            raise

    def _samples(
        self, read: CompiledRead, ids: PointIds, words: Words, times: Times, failed: Sequence[int]
    ) -> SampleBatch:
        at = times[read.decoder.block_of]
        values, quality = read.decoder.decode(words, self._current, failed)
        texts = {
            PointId(int(self._all_ids[text.point])): (int(times[text.block]), text.read(words))
            for text in read.decoder.texts
            if text.block not in failed
        }
        return SampleBatch(ids, at, values, quality, texts)

    def _note_owed(self, name: str, *, owed: bool) -> None:
        if owed:
            self._owed.add(name)
        else:
            self._owed.discard(name)
