"""What a driver makes of every exchange with its device: limits, pause, round trips, and the plan that follows."""

from collections.abc import Callable
from dataclasses import replace

from stripchart.drivers.base import BadReplyError, DriverError, NoAnswerError, RefusedError, SilentUnitError
from stripchart.drivers.modbus.compiled import CompiledProfile, CompiledRead, GroupPlan, limited
from stripchart.drivers.modbus.learning import Learner, Outcome
from stripchart.drivers.modbus.pace import PauseSearch, RoundTrips, best_gap
from stripchart.drivers.modbus.retry import Retry
from stripchart.model.block import Block
from stripchart.model.cause import Cause, CauseCode, Why
from stripchart.model.limits import Lesson, Limits, RoundTrip
from stripchart.model.time import Clock

Keep = Callable[[Limits], None]
"""Told the limits whenever they changed."""

_BITS_PER_REGISTER = 16
_SILENCE_PART = 0.9
"""A silence much shorter than the time limit was none: the request was never sent."""
_FIRST_LOOK_AT_GAP = 32
_LOOK_AT_GAP_EVERY = 4096
_WORTH_A_CHANGE = 0.9
_SHARE_IN_VAIN = 0.02
"""Of the time, trying again what a device could not do takes so much at most."""
_BUSY = {5, 6}
_NO_WHY = Why("")


class Experience:
    """Of one device. `pacing` and `plan` are what holds now; `outcome` is what the last failure said of its block."""

    def __init__(self, compiled: CompiledProfile, clock: Clock) -> None:
        self.trips = RoundTrips()
        self.outcome = Outcome.UNKNOWN
        self._compiled, self._clock = compiled, clock
        self._keep: Keep = _forget
        self._kept = self._known = Limits()
        self._ended_ns = self._took_ns = self._retry_not_before_ns = self._cycles = 0
        self.learner = Learner(compiled.spans, compiled.profile.pacing, self._known)
        self._pause = PauseSearch()
        self._take_over()

    def begin_with(self, limits: Limits, keep: Keep) -> None:
        """Go on from what is known; `keep` is told what is learned from now on."""
        self._keep, self._kept = keep, limits
        self.learner = Learner(self._compiled.spans, self._compiled.profile.pacing, limits)
        self._pause = PauseSearch(limits.pause_between_s.value if limits.pause_between_s else 0.0)
        self._take_over()

    def refit(self, compiled: CompiledProfile) -> None:
        """The device turned out to have other points of its profile than was thought."""
        self._compiled = compiled
        self.learner = Learner(compiled.spans, compiled.profile.pacing, self.limits)
        self._take_over()

    @property
    def limits(self) -> Limits:
        return self.learner.limits

    def plan(self, read: CompiledRead) -> GroupPlan:
        """How to read the group. When nothing at all seems readable, the profile's own plan puts that to the test."""
        if self.limits is not self._known:
            self._take_over()
        return self._plans[read.group.name]

    def sounding(self, silent_cycles: int) -> Block | None:
        """A single value to ask a silent device for, another each time; None in cycles that begin as ever."""
        if silent_cycles == 0 or silent_cycles % 2:
            return None
        values = self._compiled.soundings
        return values[(silent_cycles // 2 - 1) % len(values)]

    def answered(self, block: Block, started_ns: int) -> None:
        """The request made at `started_ns` brought the block."""
        now_ns = self._clock.monotonic_ns()
        self.trips.note(registers_of(block), (now_ns - started_ns) / 1e9)
        self.learner.note(block, Outcome.ANSWERED, _NO_WHY, self._clock.now_ms())
        if self._pause.answered(self._rest_s(started_ns)):
            self._learn_pause()
        self._ended_ns = now_ns

    def failed(self, block: Block, error: DriverError, started_ns: int) -> None:
        """The request made at `started_ns` failed."""
        now_ns = self._clock.monotonic_ns()
        self.outcome = self._judge(error, (now_ns - started_ns) / 1e9)
        self.learner.note(block, self.outcome, why_of(error), self._clock.now_ms())
        if self.outcome is Outcome.FAILED and isinstance(error, NoAnswerError):
            self._pause.failed(self._rest_s(started_ns))
        self._ended_ns, self._took_ns = now_ns, now_ns - started_ns

    def due(self) -> Retry | None:
        """What should be tried again now; after a retry in vain for a while nothing."""
        if self._clock.monotonic_ns() < self._retry_not_before_ns:
            return None
        return self.learner.due(self._clock.now_ms())

    def retried(self, retry: Retry, outcome: Outcome) -> None:
        """What came of it, in the request made last."""
        self.learner.note_retry(retry, outcome, self._clock.now_ms())
        if outcome is not Outcome.ANSWERED:
            self._retry_not_before_ns = self._ended_ns + round(self._took_ns * (1 / _SHARE_IN_VAIN - 1))

    def end_cycle(self) -> None:
        """Once per cycle: weigh the gap, and hand on what was learned."""
        self._cycles += 1
        if self._cycles % _LOOK_AT_GAP_EVERY == _FIRST_LOOK_AT_GAP:
            self._weigh_gap()
        if self.limits is not self._known:
            self._take_over()
        if self.limits is not self._kept:
            self._kept = self.limits
            self._keep(self.limits)

    def _take_over(self) -> None:
        self._known = self.limits
        self.pacing = limited(self._compiled.profile.pacing, self.limits)
        plans = {read.group.name: read.plan(self.limits) for read in self._compiled.reads}
        if not any(plan.blocks for plan in plans.values()):
            plans = {read.group.name: read.plan(Limits()) for read in self._compiled.reads}
        self._plans = plans

    def _rest_s(self, started_ns: int) -> float:
        return max((started_ns - self._ended_ns) / 1e9, self.pacing.pause_between_s)

    def _judge(self, error: DriverError, seconds: float) -> Outcome:
        match error:
            case RefusedError() if error.is_final:
                return Outcome.REFUSED
            case RefusedError() if error.is_of_gateway or error.code in _BUSY:
                return Outcome.UNKNOWN
            case RefusedError() | BadReplyError():
                return Outcome.FAILED
            case SilentUnitError():
                return Outcome.UNKNOWN
            case NoAnswerError() if seconds >= _SILENCE_PART * self.pacing.timeout_s:
                return Outcome.FAILED
            case _:
                return Outcome.UNKNOWN

    def _learn_pause(self) -> None:
        pause_s = self._pause.pause_s
        why = "requests that came sooner were not answered, and the same ones were when they came later"
        lesson = Lesson(pause_s, why, self._clock.now_ms())
        self.learner.limits = replace(self.limits, pause_between_s=lesson)
        self._take_over()

    def _weigh_gap(self) -> None:
        """Take the gap that costs as much as a request, when that makes the cycle clearly shorter.

        A profile whose gap is 0 wants nothing read that is not wanted.
        """
        self.learner.limits = replace(self.limits, round_trip=self.trips.typical())
        trip = self.trips.fitted()
        if trip is None or self._compiled.profile.pacing.max_gap == 0:
            return
        gap = best_gap(trip)
        why = f"a request takes {trip.request_s * 1000:.3g} ms, each register {trip.register_s * 1000:.2g} ms more"
        changed = replace(self.limits, max_gap=Lesson(gap, why, self._clock.now_ms()))
        now_s, then_s = self._cycle_s(self.limits, trip), self._cycle_s(changed, trip)
        if then_s < _WORTH_A_CHANGE * now_s:
            self.learner.limits = changed

    def _cycle_s(self, limits: Limits, trip: RoundTrip) -> float:
        reads = self._compiled.reads
        return sum(
            trip.seconds(registers_of(block)) / read.group.every
            for read in reads
            for block in read.plan(limits).blocks
        )


def registers_of(block: Block) -> int:
    """How much of a reply the block is, in registers."""
    return -(-len(block) // _BITS_PER_REGISTER) if block.table.is_bits else len(block)


def why_of(error: DriverError) -> Why:
    """Why a block failed, without saying which."""
    if isinstance(error, RefusedError):
        return Why(error.reason, Cause(CauseCode.EXCEPTION, {"exception": error.code}))
    if isinstance(error, NoAnswerError):
        return Why("no answer", Cause(CauseCode.NO_ANSWER))
    return Why("no valid answer", Cause(CauseCode.UNEXPECTED_REPLY))


def _forget(_: Limits) -> None:
    return None
