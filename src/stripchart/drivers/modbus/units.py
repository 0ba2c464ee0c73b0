"""Units: what a link knows of each unit behind it, and whether and for how long it asks it."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

from stripchart.drivers.base import DriverError, NoAnswerError, RefusedError, SilentUnitError
from stripchart.drivers.modbus.breaker import Breaker, BreakerState
from stripchart.drivers.modbus.context import LinkContext
from stripchart.drivers.modbus.transport import Question
from stripchart.model.block import Block
from stripchart.model.cause import Cause, CauseCode
from stripchart.model.profile import Pacing

_PROBES_SHARE = 0.03
"""Of the line's time, all silent units of a link together get so much while others answer; but one is asked as often
as the option `probe_longest_s` says."""
_AVERAGE_WEIGHT = 0.1
_SLOWEST_FADES = 0.99
_QUESTIONS_KEPT = 128


class Unit:
    """One unit: its breaker, its counters, and how long its replies take (seconds)."""

    __slots__ = (
        "_questions",
        "average_s",
        "breaker",
        "failing",
        "late",
        "refused",
        "replies",
        "requests",
        "slowest_s",
        "timeouts",
        "unit_id",
    )

    def __init__(self, unit_id: int, breaker: Breaker) -> None:
        self.unit_id, self.breaker = unit_id, breaker
        self.requests = self.replies = self.refused = self.timeouts = self.late = 0
        self.average_s = self.slowest_s = 0.0
        self.failing: type[DriverError] | None = None
        """What the last request ended with, when it failed."""
        self._questions: dict[Block, Question] = {}

    def to_read(self, block: Block, pacing: Pacing) -> Question:
        """The question for a block, which is kept: a plan asks the same ones all the time. Raises ValueError."""
        question = self._questions.get(block)
        if question is None or question.pacing is not pacing:
            if len(self._questions) >= _QUESTIONS_KEPT:
                self._questions.clear()
            question = self._questions[block] = Question.to_read(self.unit_id, block, pacing)
        return question

    def took(self, seconds: float) -> None:
        """A reply took so long."""
        self.slowest_s = max(seconds, self.slowest_s * _SLOWEST_FADES)
        self.average_s += (seconds - self.average_s) * (_AVERAGE_WEIGHT if self.average_s else 1.0)


class Units:
    """All units that were asked on a link."""

    def __init__(self, context: LinkContext) -> None:
        self._context = context
        self._units: dict[int, Unit] = {}
        self._probes_rest_until_s = 0.0

    def __iter__(self) -> Iterator[Unit]:
        return iter([self._units[unit_id] for unit_id in sorted(self._units)])

    def of(self, unit_id: int) -> Unit:
        unit = self._units.get(unit_id)
        if unit is None:
            unit = self._units[unit_id] = Unit(unit_id, Breaker(self._context.options))
        return unit

    def configure(self, now_s: float) -> None:
        """Take over the options of the link as they are now."""
        for unit in self._units.values():
            unit.breaker.configure(self._context.options, now_s)
        self._probes_rest_until_s = min(self._probes_rest_until_s, now_s + self._context.options.probe_longest_s)

    def admit(self, unit: Unit, now_s: float) -> None:
        """Raises SilentUnitError while a silent unit is not to be asked."""
        if unit.breaker.state is BreakerState.CLOSED:
            return
        wait_s = unit.breaker.wait_s(now_s)
        if wait_s <= 0 and self._others_answer(unit):
            wait_s = self._probes_rest_until_s - now_s
        if wait_s > 0:
            self._context.counters.not_asked += 1
            silent_s = now_s - unit.breaker.since_s
            raise SilentUnitError(
                f"{self._context.address}: unit {unit.unit_id} has been silent for {silent_s:.0f} s, "
                f"asked again in {wait_s:.1f} s",
                wait_s,
                cause=Cause(CauseCode.SILENT, {"unit": unit.unit_id, "silent_s": silent_s, "wait_s": wait_s}),
            )

    def limited(self, unit: Unit, question: Question, now_s: float) -> Question:
        """The question with the time limit that is right for the unit, when it may be asked (see `admit`).

        A unit that was silent already does not get its whole time again while others on the link answer.
        """
        breaker = unit.breaker
        if not breaker.silent:
            return question
        slowest_s = self._slowest_s(unit) if self._others_answer(unit) else 0.0
        if breaker.state is not BreakerState.CLOSED:
            return replace(question, limit_s=breaker.probe(question.limit_s, slowest_s, now_s))
        if slowest_s:
            return replace(question, limit_s=breaker.shortened_s(question.limit_s, slowest_s))
        return question

    def heard(self, unit: Unit, now_s: float) -> bool:
        """The unit answered. True when that ends a silence."""
        unit.failing = None
        return unit.breaker.heard(now_s)

    def heard_late(self, unit_id: int) -> None:
        """A reply came after its time limit: the unit is slow, not silent. It gets its whole time again."""
        unit = self.of(unit_id)
        unit.late += 1
        now_s = asyncio.get_running_loop().time()
        unit.slowest_s = max(unit.slowest_s, now_s - unit.breaker.asked_s)
        unit.breaker.heard(now_s)

    def missed(self, unit: Unit, question: Question, used_s: float, now_s: float) -> bool:
        """A request was not answered. True when the unit is not asked any more from now on but for probes."""
        was_probe = unit.breaker.state is not BreakerState.CLOSED
        if was_probe:
            rest_s = min(used_s * (1 / _PROBES_SHARE - 1), self._context.options.probe_longest_s)
            self._probes_rest_until_s = now_s + rest_s
        return unit.breaker.missed(1 + question.pacing.retries, now_s)

    def _others_answer(self, unit: Unit) -> bool:
        """Whether there is anybody whose time a silent unit could take."""
        return any(
            other is not unit and other.replies and other.breaker.state is BreakerState.CLOSED
            for other in self._units.values()
        )

    def _slowest_s(self, unit: Unit) -> float:
        """Of the unit's replies; of everybody's when it never answered."""
        return unit.slowest_s or max(other.slowest_s for other in self._units.values())


def is_silence(error: DriverError) -> bool:
    """Whether the unit itself said nothing: also when a gateway says so, which took its time, too."""
    return isinstance(error, NoAnswerError) or (isinstance(error, RefusedError) and error.is_of_gateway)
