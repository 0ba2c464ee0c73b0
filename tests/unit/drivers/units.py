"""Units with hidden holes, seams and limits, the fewest requests that read them, and cycles without I/O."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.learning import Learner, Outcome
from stripchart.drivers.modbus.round import Round
from stripchart.model.block import Block
from stripchart.model.cause import Why
from stripchart.model.limits import Limits
from stripchart.model.point import DataType, Point, Table
from stripchart.model.profile import Pacing, Profile

TYPES = {1: DataType.UINT16, 2: DataType.UINT32, 4: DataType.UINT64}


def a_profile(places: Sequence[tuple[int, int]], pacing: Pacing, table: Table = Table.HOLDING) -> Profile:
    """Points at these addresses, each of 1, 2 or 4 registers."""
    points = [
        Point(key=f"p{i}", name={"en": "x"}, table=table, address=start, type=TYPES[size], registers=size)
        for i, (start, size) in enumerate(places)
    ]
    return Profile(key="hidden", name={"en": "Hidden"}, kind="meter", pacing=pacing, points=tuple(points))


@dataclass(slots=True)
class HiddenUnit:
    """`bad`: registers that are not there; `seams`: addresses that no block may have inside, but at its start."""

    bad: frozenset[int] = frozenset()
    seams: frozenset[int] = frozenset()
    longest: int = 125
    outcome: Outcome = Outcome.REFUSED
    asked: list[Block] = field(default_factory=list)

    def reads(self, block: Block) -> bool:
        return (
            len(block) <= self.longest
            and not any(block.start <= register < block.end for register in self.bad)
            and not any(block.start < seam < block.end for seam in self.seams)
        )

    def ask(self, block: Block) -> Outcome:
        self.asked.append(block)
        return Outcome.ANSWERED if self.reads(block) else self.outcome


class Rehearsal:
    """The driver's cycles, on a unit without I/O: the plan first, then at most `most_extra` requests beyond it."""

    def __init__(self, profile: Profile, unit: HiddenUnit, most_extra: int = 64) -> None:
        self.unit, self.most_extra = unit, most_extra
        self.now_ms = self.extra = 0
        self.compiled = compile_profile(profile)
        self.learner = Learner(self.compiled.spans, profile.pacing, Limits())

    def cycle(self) -> set[Block]:
        """The spans that were read. `extra` counts the requests beyond the plan."""
        self.now_ms += 1000
        answered: list[Block] = []
        self.extra = 0
        for read in self.compiled.reads:
            blocks = read.plan(self.learner.limits).blocks
            failed = [b for b in blocks if self.learner.is_suspect(b) or not self._ask(b, answered)]
            tour = Round(read, self.learner, answered=answered, failed=failed)
            while self.extra < self.most_extra and (block := tour.next()) is not None:
                self.extra += 1
                tour.asked(block, answered=self._ask(block, answered))
        spans = set(self.compiled.spans)
        return {span for span in spans if any(b.start <= span.start and span.end <= b.end for b in answered)}

    @property
    def plan(self) -> tuple[Block, ...]:
        return tuple(block for read in self.compiled.reads for block in read.plan(self.learner.limits).blocks)

    def _ask(self, block: Block, answered: list[Block]) -> bool:
        outcome = self.unit.ask(block)
        self.learner.note(block, outcome, Why("exception 2 (illegal data address)"), self.now_ms)
        if outcome is Outcome.ANSWERED:
            answered.append(block)
        return outcome is Outcome.ANSWERED


def fewest_requests(spans: Sequence[Block], unit: HiddenUnit, max_gap: int) -> int:
    """By trying every place to cut what the unit can read: the best there is for who knows everything."""
    wanted = sorted({span for span in spans if unit.reads(span)})
    best = [0] + [len(wanted)] * len(wanted)
    for end in range(1, len(wanted) + 1):
        for start in range(end - 1, -1, -1):
            if not _joins(wanted[start:end], unit, max_gap):
                break
            best[end] = min(best[end], best[start] + 1)
    return best[-1]


def _joins(part: Sequence[Block], unit: HiddenUnit, max_gap: int) -> bool:
    reach = part[0].end
    for span in part[1:]:
        if span.start - reach > max_gap:
            return False
        reach = max(reach, span.end)
    return unit.reads(Block(part[0].table, part[0].start, reach))
