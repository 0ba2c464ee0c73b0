"""A block that its unit did not answer, narrowed down until the cause is known. Pure.

Whatever is wrong with a block is wrong with every longer block around it, and with no block inside one that was
answered: holes and limits of length both work that way. So halving finds the shortest beginning of the block that
fails, and its last value is where to look: it fails alone (a hole), or together with its neighbour (a hole in the
gap between them, or a seam), or only in that length (a limit). Values are never split.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import accumulate

from stripchart.drivers.modbus.plan import hull
from stripchart.model.block import Block


class Cause(Enum):
    HOLE = auto()
    """No request may ask for the whole block."""
    LENGTH = auto()
    """The block is longer than the unit allows."""


@dataclass(frozen=True, slots=True)
class Verdict:
    cause: Cause
    block: Block


class _Stage(Enum):
    BEGINNING = auto()
    ALONE = auto()
    PAIR = auto()
    GAP = auto()
    AGAIN = auto()


class Suspect:
    """One such block. Ask what `probe` says, tell what came of it, until there is a `verdict`, or it is `cleared`.

    `spans`: the values in the block, sorted. `longest`: the longest block the unit ever answered (0: none); nothing
    up to that is too long. `careful`: it was no plain refusal, so what is held against a block must happen twice.
    """

    def __init__(self, block: Block, spans: Sequence[Block], longest: int, *, careful: bool) -> None:
        self.block, self.careful = block, careful
        self.verdict: Verdict | None = None
        self.cleared = False
        self._spans = spans
        self._ends = list(accumulate((span.end for span in spans), max))
        self._longest = longest
        self._good, self._bad = -1, len(spans) - 1
        self._stage = _Stage.BEGINNING
        self._charge = Verdict(Cause.HOLE, block)
        self._evidence = block
        self._failed_now = None if careful else block
        self._go_on()

    @property
    def probe(self) -> Block:
        """What to ask next."""
        match self._stage:
            case _Stage.BEGINNING:
                return self._beginning((self._good + self._bad) // 2)
            case _Stage.ALONE:
                return self._last
            case _Stage.PAIR:
                return self._pair
            case _Stage.GAP:
                return self._gap
            case _Stage.AGAIN:
                return self._evidence

    @property
    def readable(self) -> Block | None:
        """The longest beginning of the block that was answered."""
        return self._beginning(self._good) if self._good >= 0 else None

    def answered(self) -> None:
        """The probe brought data."""
        self._longest = max(self._longest, len(self.probe))
        self._failed_now = None
        match self._stage:
            case _Stage.BEGINNING:
                self._good = (self._good + self._bad) // 2
            case _Stage.ALONE:
                self._stage = _Stage.PAIR
            case _Stage.PAIR:
                self._accuse_of_length(self._beginning(self._bad))
            case _Stage.GAP:
                self._accuse_of_length(self._pair)
            case _Stage.AGAIN:
                self.cleared = True
        self._go_on()

    def failed(self) -> None:
        """The probe failed in a way that counts."""
        self._failed_now = None if self.careful else self.probe
        match self._stage:
            case _Stage.BEGINNING:
                self._bad = (self._good + self._bad) // 2
            case _Stage.ALONE:
                self._accuse(Verdict(Cause.HOLE, self._last), self._last)
            case _Stage.PAIR:
                self._judge_pair()
            case _Stage.GAP:
                self._accuse(Verdict(Cause.HOLE, self._gap), self._gap)
            case _Stage.AGAIN:
                self.verdict = self._charge
        self._go_on()

    def _go_on(self) -> None:
        """Skip the stages of which the outcome is known."""
        if self._stage is _Stage.BEGINNING and self._bad - self._good == 1:
            self._stage = _Stage.ALONE
            if self._bad == 0:
                self._accuse(Verdict(Cause.HOLE, self._last), self._last)
        if self._stage is _Stage.PAIR and self._pair == self._beginning(self._bad):
            self._judge_pair()

    def _judge_pair(self) -> None:
        """Each of the two neighbours is answered alone, both together are not."""
        pair, between = self._pair, self._last.start - self._left.end
        if len(pair) > self._longest:
            if between > 0:
                self._stage = _Stage.GAP
            else:
                self._accuse_of_length(pair)
        elif between > 0:
            self._accuse(Verdict(Cause.HOLE, self._gap), pair)
        elif between == 0:
            self._accuse(Verdict(Cause.HOLE, Block(pair.table, self._last.start - 1, self._last.start + 1)), pair)
        else:
            self._accuse(Verdict(Cause.HOLE, pair), pair)

    def _accuse_of_length(self, block: Block) -> None:
        self._accuse(Verdict(Cause.LENGTH if len(block) > self._longest else Cause.HOLE, block), block)

    def _accuse(self, charge: Verdict, evidence: Block) -> None:
        """Pass the verdict when the evidence failed just now; else ask for it once more: it may have been a spell."""
        if evidence == self._failed_now:
            self.verdict = charge
        self._stage, self._charge, self._evidence = _Stage.AGAIN, charge, evidence

    def _beginning(self, last: int) -> Block:
        return Block(self.block.table, self._spans[0].start, self._ends[last])

    @property
    def _last(self) -> Block:
        return self._spans[self._bad]

    @property
    def _left(self) -> Block:
        """The neighbour before it: what reaches farthest."""
        return max(self._spans[: self._bad], key=lambda span: span.end)

    @property
    def _pair(self) -> Block:
        return hull(self._left, self._last)

    @property
    def _gap(self) -> Block:
        return Block(self.block.table, self._left.end, self._last.start)
