"""One Modbus device: runs its plan over a link, and turns what failed into bad samples."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from stripchart.drivers.base import DriverError, LinkDownError, NoAnswerError, Poll, RefusedError, SetupError
from stripchart.drivers.modbus.acquaintance import Acquaintance
from stripchart.drivers.modbus.columns import Words
from stripchart.drivers.modbus.compiled import CompiledProfile, CompiledRead
from stripchart.drivers.modbus.experience import Experience, Keep
from stripchart.drivers.modbus.learning import Outcome
from stripchart.drivers.modbus.reading import Reading
from stripchart.drivers.modbus.round import Round
from stripchart.model.block import Block
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.limits import Limits, RoundTrip
from stripchart.model.profile import Condition, Pacing
from stripchart.model.sample import PointIds, SampleBatch
from stripchart.model.time import Clock

_SILENT_BLOCKS_UNTIL_GIVING_UP = 2
_LEAST_EXTRA = 2
_MOST_EXTRA = 64
_MOST_RETRIES_IN_VAIN = 4


class Link(Protocol):
    """What a driver needs of a link."""

    async def read(self, unit_id: int, block: Block, pacing: Pacing) -> Words:
        """The words of the block. Raises DriverError."""


@dataclass(slots=True)
class _Cycle:
    """What the cycle under way has brought so far. `extra`: requests beyond the plan."""

    started_ns: int
    parts: list[SampleBatch] = field(default_factory=list)
    groups: set[str] = field(default_factory=set)
    blocks_read: int = 0
    silent_blocks: int = 0
    error: DriverError | None = None
    gave_up: bool = False
    extra: int = 0

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
        self._whole = self._compiled = compiled
        self._experience = Experience(compiled, clock)
        self._acquaintance = Acquaintance(compiled.profile, point_ids)
        self._interval_s = compiled.profile.interval_s
        self._ids = self._ids_of(point_ids)
        self._all_ids = point_ids
        self._current = np.full(len(point_ids), np.nan)
        self._owed = self._groups
        self._was_silent = False
        self._silent_cycles = 0
        self._suspicion: DriverError | None = None
        self._clock = clock
        self._release = release

    def begin_with(self, limits: Limits, keep: Keep, interval_s: float) -> None:
        """Go on from what is known of the device; `keep` is told what it teaches from now on.

        `interval_s`: between two cycles; learning takes at most half of what they leave.
        """
        self._interval_s = interval_s
        self._experience.begin_with(limits, keep)

    def change_interval(self, interval_s: float) -> None:
        """The device is polled at another interval from now on."""
        self._interval_s = interval_s

    @property
    def limits(self) -> Limits:
        """What was learned of the device."""
        return self._experience.limits

    @property
    def round_trip(self) -> RoundTrip | None:
        """How long its requests take; None before the first."""
        return self._experience.trips.typical()

    async def poll(self, cycle: int) -> Poll:
        done = _Cycle(self._clock.monotonic_ns())
        if self._silent_cycles:
            await self._sound(done)
        leading = self._compiled.leading
        if leading:
            await self._poll_reads(slice(0, leading), cycle, done)
            stranger = self._acquaintance.stranger(self._current)
            if stranger is not None:
                return self._stay_away(stranger, done)
            if done.error is None:
                self._fit()
        await self._poll_reads(slice(leading, None), cycle, done)
        if self._experience.learner.has_limits:
            await self._try_again(done)
        self._end_cycle(done)
        samples = SampleBatch.joined(done.parts)
        self._acquaintance.look(samples, self._current)
        return Poll(samples, done.blocks_read, done.error, self._acquaintance.notices)

    def note_written(self) -> None:
        """Something of the device was changed: what is read seldom is read in the next cycle."""
        self._owed |= self._groups

    @property
    def compiled(self) -> CompiledProfile:
        """The profile without the points that the device does not have."""
        return self._compiled

    @property
    def _groups(self) -> set[str]:
        return {read.group.name for read in self._compiled.reads}

    def _ids_of(self, point_ids: PointIds) -> list[PointIds]:
        """Those of each read group."""
        return [point_ids[read.decoder.positions] for read in self._compiled.reads]

    async def _poll_reads(self, which: slice, cycle: int, done: _Cycle) -> None:
        for read, ids in zip(self._compiled.reads[which], self._ids[which], strict=True):
            if cycle % read.group.every and read.group.name not in self._owed:
                continue
            if read.group.when is not None and not self._holds(read):
                self._assume(read, read.group.when, ids, done)
                continue
            await self._poll_read(read, ids, done)

    def _stay_away(self, stranger: SetupError, done: _Cycle) -> Poll:
        """Say why the device is not read on, and look again in the next cycle."""
        leading = self._compiled.leading
        self._owed |= {read.group.name for read in self._compiled.reads[:leading]}
        done.parts.append(self._acquaintance.unread(self._ids[:leading], self._clock.now_ms()))
        self._end_cycle(done)
        return Poll(SampleBatch.joined(done.parts), 0, done.error or stranger)

    def _end_cycle(self, done: _Cycle) -> None:
        self._experience.end_cycle()
        self._was_silent = done.gave_up
        if not done.gave_up:
            self._silent_cycles = 0
        elif self._experience.outcome is Outcome.FAILED:
            self._silent_cycles += 1

    def _fit(self) -> None:
        """Leave out what the device says that it does not have."""
        for read in self._compiled.reads[: self._compiled.leading]:
            if not self._holds(read):
                self._current[read.decoder.positions] = np.nan
        compiled = self._whole.within(self._current)
        if (compiled.is_absent == self._compiled.is_absent).all():
            return
        self._compiled = compiled
        self._ids = self._ids_of(self._all_ids)
        self._owed |= self._groups
        self._experience.refit(compiled)

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

    async def _sound(self, done: _Cycle) -> None:
        """Ask a silent device for a single value now and then: perhaps only the first block is too much for it."""
        block = self._experience.sounding(self._silent_cycles)
        if block is None:
            return
        try:
            await self._ask(block)
            done.blocks_read += 1
        except DriverError as error:
            done.failed(error)

    async def _poll_read(self, read: CompiledRead, ids: PointIds, done: _Cycle) -> None:
        limits, learner = self._experience.limits, self._experience.learner
        plan = self._experience.plan(read)
        reading = Reading(read, plan, self._clock.now_ms())
        owed = False
        for number in learner.doubted_last(plan.blocks):
            block = plan.blocks[number]
            if learner.is_suspect(block):
                reading.lose(number)
                done.error = done.error or self._suspicion
                continue
            try:
                reading.take(number, await self._read_block(block, done), self._clock.now_ms())
                done.blocks_read += 1
            except DriverError as error:
                reading.lose(number)
                done.failed(error)
                self._suspicion = error
                owed = owed or done.gave_up or not (isinstance(error, RefusedError) and error.is_final)
        if learner.is_busy or self._experience.limits is not limits:
            await self._explore(read, reading, done)
            owed = owed or learner.is_busy
        done.groups.add(read.group.name)
        self._note_owed(read.group.name, owed=owed)
        done.parts.append(reading.samples(ids, self._all_ids, self._current))

    async def _explore(self, read: CompiledRead, reading: Reading, done: _Cycle) -> None:
        """Find out why blocks fail, and read what can be read around it, within what the cycle can spare."""
        learner = self._experience.learner
        tour = Round(read, learner, answered=reading.answered, failed=reading.lost)
        while not done.gave_up and self._may_ask_more(done) and (block := tour.next()) is not None:
            reply, outcome = await self._try(block, done)
            tour.asked(block, answered=reply is not None)
            if reply is not None:
                reading.add(block, reply, self._clock.now_ms())
            if outcome is Outcome.UNKNOWN or self._experience.learner is not learner:
                return

    async def _try_again(self, done: _Cycle) -> None:
        """When it is time, ask for a little of what is held to be impossible; for more while that is wrong."""
        in_vain = 0
        while in_vain < _MOST_RETRIES_IN_VAIN and not done.gave_up and self._may_ask_more(done):
            retry = self._experience.due()
            if retry is None:
                return
            _, outcome = await self._try(retry.block, done)
            self._experience.retried(retry, outcome)
            if outcome is Outcome.UNKNOWN:
                return
            in_vain += outcome is not Outcome.ANSWERED

    async def _try(self, block: Block, done: _Cycle) -> tuple[Words | None, Outcome]:
        """Ask once, beyond the plan."""
        done.extra += 1
        try:
            reply = await self._ask(block)
        except DriverError:
            return None, self._experience.outcome
        done.blocks_read += 1
        return reply, Outcome.ANSWERED

    def _may_ask_more(self, done: _Cycle) -> bool:
        """Learning may take half of the time that a cycle leaves, but always gets somewhere."""
        spent_s = (self._clock.monotonic_ns() - done.started_ns) / 1e9
        return done.extra < _LEAST_EXTRA or (done.extra < _MOST_EXTRA and spent_s < self._interval_s / 2)

    async def _read_block(self, block: Block, done: _Cycle) -> Words:
        """One block, asked again when nothing sensible came; once of a device that was out of reach last time."""
        if done.gave_up:
            given_up = Cause(CauseCode.GIVEN_UP)
            raise done.error or NoAnswerError(f"unit {self._unit_id}: given up in this cycle", cause=given_up)
        attempts = 1 if self._was_silent else 1 + self._experience.pacing.retries
        for attempt in range(1, attempts + 1):
            try:
                return await self._ask(block)
            except RefusedError:
                raise
            except DriverError:
                if attempt == attempts:
                    raise
            await asyncio.sleep(self._experience.pacing.pause_before_retry_s)
        raise AssertionError("the last attempt returns or raises")

    async def _ask(self, block: Block) -> Words:
        started_ns = self._clock.monotonic_ns()
        try:
            words = await self._link.read(self._unit_id, block, self._experience.pacing)
        except DriverError as error:
            self._experience.failed(block, error, started_ns)
            if isinstance(error, RefusedError) and error.is_of_gateway:
                raise NoAnswerError(str(error), cause=error.cause) from error
            raise
        self._experience.answered(block, started_ns)
        return words

    def _note_owed(self, name: str, *, owed: bool) -> None:
        if owed:
            self._owed.add(name)
        else:
            self._owed.discard(name)
