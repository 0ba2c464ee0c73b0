"""What a unit's answers teach about its holes and limits. Pure: told what was asked and what came, it says what to
ask next.

A refusal (exceptions 1, 2, 3) is the unit's word. Silence and nonsense are not: a dead unit, a lost frame and a block
that the unit cannot read all look alike. They count only when the same block failed twice and the unit answered
something else in between and after, and each step of the search is proved in the same way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from stripchart.drivers.modbus.plan import holds_any
from stripchart.drivers.modbus.retry import Retry, due, retried
from stripchart.drivers.modbus.suspect import Cause, Suspect, Verdict
from stripchart.model.block import Block
from stripchart.model.cause import Why
from stripchart.model.limits import Hole, Lesson, Limits, next_retry_ms
from stripchart.model.point import Table
from stripchart.model.profile import Pacing

_FAILURES_UNTIL_SUSPECT = 2
_VALUES_UNTIL_TABLE_SUSPECT = 2
_FEW_VALUES = 8
"""So many are rather asked for one by one than taken to be missing with their table."""


class Outcome(Enum):
    """What came of a request.

    REFUSED: the unit does not have it. FAILED: nothing sensible came in time. UNKNOWN: no word of the unit (busy, no
    connection, not asked).
    """

    ANSWERED = auto()
    REFUSED = auto()
    FAILED = auto()
    UNKNOWN = auto()


_IS_ALIVE = {Outcome.ANSWERED, Outcome.REFUSED}


@dataclass(slots=True)
class _Doubt:
    """A block that failed. `others_answer`: the unit said something else since the last of the `failures`.

    `is_own`: it did since the first, so it may be this block alone.
    """

    why: Why
    failures: int = 0
    others_answer: bool = True
    is_own: bool = False


class Learner:
    """Learns one unit's `limits`, beginning with what is known.

    `spans`: all its values, each once and ascending; shared by all units of a profile. `pacing`: its profile's.
    """

    def __init__(self, spans: Sequence[Block], pacing: Pacing, limits: Limits) -> None:
        self.limits = limits
        self._spans = spans
        self._pacing = pacing
        self._longest = {False: 0, True: 0}
        self._heard_tables: set[Table] = set()
        self._suspects: dict[Block, Suspect] = {}
        self._doubts: dict[Block, _Doubt] = {}
        self._control: Block | None = None
        self._unproven: Suspect | None = None
        self._why = Why("")

    @property
    def is_busy(self) -> bool:
        """Whether there is something to find out."""
        return bool(self._suspects)

    def is_suspect(self, block: Block) -> bool:
        """Whether the block failed, and it is not known yet why: it need not be asked for as a whole."""
        return bool(self._suspects) and block in self._suspects

    def readable(self, block: Block) -> Block | None:
        """As much of a suspect's beginning as was answered."""
        return self._suspects[block].readable

    def doubted_last(self, blocks: Sequence[Block]) -> Sequence[int]:
        """The order to ask for the blocks: those that failed by themselves come last, behind what shows life."""
        if not self._doubts:
            return range(len(blocks))
        return sorted(range(len(blocks)), key=lambda number: self._is_doubted(blocks[number]))

    def probe(self) -> Block | None:
        """What to ask to find out more; None when nothing is in question."""
        if self._unproven is not None:
            return self._control
        return self._current.probe if self._current else None

    def note(self, block: Block, outcome: Outcome, why: Why, now_ms: int) -> None:
        """Take in what came of a request, whoever made it."""
        if outcome is Outcome.UNKNOWN:
            return
        if outcome is Outcome.ANSWERED and not (self._suspects or self._doubts or self.has_limits):
            self._believe(block)
            return
        if self._unproven is not None:
            self._prove(self._unproven, is_alive=outcome in _IS_ALIVE, now_ms=now_ms)
        elif self._current is not None and block == self._current.probe:
            self._note_probe(self._current, outcome, why, now_ms)
        elif outcome is Outcome.REFUSED:
            self._suspect(block, why, careful=False, now_ms=now_ms)
        elif outcome is Outcome.FAILED:
            self._doubt(block, why)
        if outcome is Outcome.ANSWERED:
            self._believe(block)
        if outcome in _IS_ALIVE:
            self._heard(block, now_ms)

    def due(self, now_ms: int) -> Retry | None:
        """What is held to be impossible and should be tried again now."""
        return due(self.limits, self._spans, self._pacing, now_ms)

    def note_retry(self, retry: Retry, outcome: Outcome, now_ms: int) -> None:
        """Take in what came of a retry: what works now is no limit any more, the rest is tried again later."""
        if outcome is not Outcome.UNKNOWN:
            mute = None if retry.block.table in self._heard_tables else retry.block.table
            self.limits = retried(self.limits, retry, mute, works=outcome is Outcome.ANSWERED, now_ms=now_ms)
        if outcome is Outcome.ANSWERED:
            self._believe(retry.block)

    def _is_doubted(self, block: Block) -> bool:
        doubt = self._doubts.get(block)
        return doubt is not None and doubt.is_own

    @property
    def has_limits(self) -> bool:
        """Whether anything is held to be impossible."""
        return bool(self.limits.holes or self.limits.max_registers or self.limits.max_bits)

    @property
    def _current(self) -> Suspect | None:
        return next(iter(self._suspects.values()), None)

    def _note_probe(self, suspect: Suspect, outcome: Outcome, why: Why, now_ms: int) -> None:
        if outcome is Outcome.FAILED:
            self._why = why
            self._unproven = suspect if self._control else None
            if self._control is None:
                del self._suspects[suspect.block]
            return
        if outcome is Outcome.REFUSED:
            self._why = why
            suspect.failed()
        else:
            suspect.answered()
        self._settle(suspect, now_ms)

    def _prove(self, suspect: Suspect, *, is_alive: bool, now_ms: int) -> None:
        """The probe failed; it counts when the unit is alive, else the whole suspicion falls."""
        self._unproven = None
        if not is_alive:
            del self._suspects[suspect.block]
            return
        suspect.failed()
        self._settle(suspect, now_ms)

    def _settle(self, suspect: Suspect, now_ms: int) -> None:
        if suspect.cleared or suspect.verdict is not None:
            del self._suspects[suspect.block]
        if suspect.verdict is not None:
            self._learn(suspect.verdict, now_ms)
            self._judge_table(suspect.verdict.block.table, now_ms)
            explained = [block for block in self._suspects if self._is_explained(block)]
            for block in explained:
                del self._suspects[block]

    def _learn(self, verdict: Verdict, now_ms: int) -> None:
        block, retry_ms = verdict.block, next_retry_ms(0, now_ms)
        self._doubts.clear()
        if verdict.cause is Cause.HOLE:
            smaller = [hole for hole in self.limits.holes if not holds_any(hole.block, [block])]
            hole = Hole(block, self._why.words, now_ms, 0, retry_ms, self._why.cause)
            self.limits = replace(self.limits, holes=tuple(sorted([*smaller, hole], key=_of_block)))
            return
        words, cause = self._why
        lesson = Lesson(len(block) - 1, f"{len(block)} at once: {words}", now_ms, 0, retry_ms, cause)
        self.limits = self.limits.with_longest(lesson, is_bits=block.table.is_bits)

    def _judge_table(self, table: Table, now_ms: int) -> None:
        """Some units do not know a whole function, and it takes long to hear that value by value.

        When the first values of a table fail and nothing of it was ever answered, its last one is asked for; when
        that fails, too, they are all taken to be missing.
        """
        if table in self._heard_tables:
            return
        missing = {hole.block for hole in self.limits.holes}
        values = [span for span in self._spans if span.table is table]
        rest = [span for span in values if span not in missing]
        if len(rest) < _FEW_VALUES or len(values) - len(rest) < _VALUES_UNTIL_TABLE_SUSPECT:
            return
        if values[-1] not in missing:
            last = Suspect(values[-1], values[-1:], self._longest[table.is_bits], careful=True)
            self._suspects = {last.block: last} | self._suspects
            return
        (words, cause), retry_ms = self._why, next_retry_ms(0, now_ms)
        holes = [Hole(span, words, now_ms, 0, retry_ms, cause) for span in rest]
        self.limits = replace(self.limits, holes=tuple(sorted([*self.limits.holes, *holes], key=_of_block)))

    def _suspect(self, block: Block, why: Why, *, careful: bool, now_ms: int) -> None:
        if self._is_explained(block) or block in self._suspects:
            return
        holes = [hole.block for hole in self.limits.holes]
        inside = [span for span in self._spans if holds_any(block, [span]) and not holds_any(span, holes)]
        if inside:
            self._why = why
            longest = self._longest[block.table.is_bits]
            self._suspects[block] = suspect = Suspect(block, inside, longest, careful=careful)
            self._settle(suspect, now_ms)

    def _doubt(self, block: Block, why: Why) -> None:
        doubt = self._doubts.setdefault(block, _Doubt(why))
        doubt.failures += doubt.others_answer
        doubt.why, doubt.others_answer = why, False

    def _heard(self, block: Block, now_ms: int) -> None:
        """The unit is alive: doubts about other blocks grow."""
        self._doubts.pop(block, None)
        for doubted, doubt in tuple(self._doubts.items()):
            doubt.others_answer = doubt.is_own = True
            if doubt.failures >= _FAILURES_UNTIL_SUSPECT:
                del self._doubts[doubted]
                self._suspect(doubted, doubt.why, careful=True, now_ms=now_ms)

    def _believe(self, block: Block) -> None:
        """The block was answered, so nothing that says it cannot be is true."""
        self._control = block
        self._heard_tables.add(block.table)
        is_bits = block.table.is_bits
        self._longest[is_bits] = max(self._longest[is_bits], len(block))
        if not self.has_limits:
            return
        if any(holds_any(block, [hole.block]) for hole in self.limits.holes):
            kept = tuple(hole for hole in self.limits.holes if not holds_any(block, [hole.block]))
            self.limits = replace(self.limits, holes=kept)
        if self._is_too_long(block):
            self.limits = self.limits.with_longest(None, is_bits=is_bits)

    def _is_explained(self, block: Block) -> bool:
        is_value = block in self._spans
        return (self._is_too_long(block) and not is_value) or holds_any(
            block, (hole.block for hole in self.limits.holes)
        )

    def _is_too_long(self, block: Block) -> bool:
        lesson = self.limits.longest(is_bits=block.table.is_bits)
        return lesson is not None and len(block) > lesson.value


def _of_block(hole: Hole) -> Block:
    return hole.block
