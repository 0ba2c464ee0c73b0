"""A profile made ready to be read: its blocks, and the decoders that understand them. Shared by all its devices.

A decoder knows one layout of words, that of the profile's own blocks. A device whose limits were learned is read in
other blocks, whose words are put into the same layout: so it needs a plan of its own, but no decoder.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from stripchart.drivers.modbus.capacities import Capacities
from stripchart.drivers.modbus.columns import Index, Words
from stripchart.drivers.modbus.decode import Decoder, Lost
from stripchart.drivers.modbus.plan import holds_any, longest_block, plan_blocks, spans_of
from stripchart.model.block import Block
from stripchart.model.limits import Limits
from stripchart.model.profile import Pacing, Profile, ReadGroup
from stripchart.model.sample import Values

_KEPT_PLANS = 256

Piece = tuple[slice, slice]
"""Where words go in the layout, and where they are in the reply."""


@dataclass(frozen=True, slots=True)
class Placement:
    """What a block brings: words for the layout, and with them the numbers and texts at these places."""

    pieces: tuple[Piece, ...]
    numbers: Index
    texts: tuple[int, ...]

    def put(self, reply: Words, words: Words) -> None:
        for to, source in self.pieces:
            words[to] = reply[source]


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """The blocks in which a read group is read. `block_of`: for each number the block it is in, -1 for none."""

    blocks: tuple[Block, ...]
    placements: tuple[Placement, ...]
    block_of: Index
    is_whole: bool
    """Whether every point is in a block."""


@dataclass(frozen=True, slots=True)
class CompiledRead:
    """A read group with the spans of its points, the profile's own plan, and the decoder of its layout.

    `condition_place`: place of the point its condition is about, `condition_group` the read group of that point.
    """

    group: ReadGroup
    condition_place: int
    condition_group: str
    pacing: Pacing
    holes: tuple[Block, ...]
    spans: tuple[Block, ...]
    text_spans: tuple[Block, ...]
    blocks: tuple[Block, ...]
    decoder: Decoder
    _plans: dict[tuple[object, ...], GroupPlan] = field(default_factory=dict, repr=False, compare=False)

    def plan(self, limits: Limits) -> GroupPlan:
        """The plan within the limits; devices with the same limits share it."""
        holes = tuple(hole.block for hole in limits.holes)
        pacing = limited(self.pacing, limits)
        key = (holes, pacing.max_registers, pacing.max_bits, pacing.max_gap)
        plan = self._plans.get(key)
        if plan is None:
            while len(self._plans) >= _KEPT_PLANS:
                del self._plans[next(iter(self._plans))]
            plan = self._plans[key] = self._compile(self.blocks_within(pacing, holes))
        return plan

    def blocks_within(self, pacing: Pacing, holes: Sequence[Block]) -> tuple[Block, ...]:
        """The blocks for all points that have no hole; what is over a learned limit gets a block of its own.

        For the limit may have been taken for something else, and only asking tells.
        """
        wanted = {*self.spans, *self.text_spans}
        fitting = {span for span in wanted if len(span) <= longest_block(span, pacing)}
        blocks = plan_blocks(fitting, pacing, (*self.holes, *holes))
        alone = [span for span in wanted - fitting if not holds_any(span, holes)]
        return tuple(sorted([*blocks, *alone])) if alone else blocks

    def place(self, block: Block) -> Placement:
        """What the answer to any block brings for this read group."""
        pieces = []
        for own, to in zip(self.blocks, self.decoder.slices, strict=True):
            start, end = max(own.start, block.start), min(own.end, block.end)
            if own.table is block.table and start < end:
                first = to.start + start - own.start
                pieces.append((slice(first, first + end - start), slice(start - block.start, end - block.start)))
        numbers = [i for i, span in enumerate(self.spans) if _holds(block, span)]
        texts = [i for i, span in enumerate(self.text_spans) if _holds(block, span)]
        return Placement(tuple(pieces), np.array(numbers, np.intp), tuple(texts))

    def _compile(self, blocks: tuple[Block, ...]) -> GroupPlan:
        placements = tuple(self.place(block) for block in blocks)
        block_of = np.full(len(self.spans), -1, np.intp)
        for number, placement in enumerate(placements):
            block_of[placement.numbers] = number
        texts = {text for placement in placements for text in placement.texts}
        is_whole = bool((block_of >= 0).all()) and len(texts) == len(self.text_spans)
        return GroupPlan(blocks, placements, block_of, is_whole)


@dataclass(frozen=True, slots=True)
class CompiledProfile:
    """What all devices of a profile share, or those of them that have the same points.

    The first `leading` read groups say what the device is and how much it has. Read groups with a condition come
    last: they need this cycle's values. `is_absent`: of each point of the profile, whether the devices lack it.
    """

    profile: Profile
    reads: tuple[CompiledRead, ...]
    leading: int
    is_absent: Lost
    spans: tuple[Block, ...]
    """The addresses of all points that there are, each once, in the order of tables and addresses."""
    _capacities: Capacities
    _cuts: dict[bytes, "CompiledProfile"] = field(default_factory=dict, repr=False, compare=False)

    def within(self, current: Values) -> "CompiledProfile":
        """The same for a device with these values (of all points): without the points that it does not have."""
        is_absent = self._capacities.absent(current)
        cut = self._cuts.get(is_absent.tobytes())
        if cut is None:
            while len(self._cuts) >= _KEPT_PLANS:
                del self._cuts[next(iter(self._cuts))]
            cut = self._cuts[is_absent.tobytes()] = _compiled(self.profile, self._capacities, is_absent)
        return cut

    @property
    def requests_per_cycle(self) -> int:
        """Requests of a cycle in which every read group is due."""
        return sum(len(read.blocks) for read in self.reads)

    @property
    def soundings(self) -> list[Block]:
        """A value of each block, then another of each: what may tell whether a device is there at all."""
        groups = [
            [span for span in self.spans if _holds(block, span)] for read in self.reads for block in read.blocks
        ]
        return [group[0] for group in groups] + [group[-1] for group in groups if len(group) > 1]


def compile_profile(profile: Profile) -> CompiledProfile:
    """Plan the reads of a profile and compile their decoders. Read groups without points fall away."""
    return _compiled(profile, Capacities.of(profile), np.zeros(len(profile.points), np.bool_))


def _compiled(profile: Profile, capacities: Capacities, is_absent: Lost) -> CompiledProfile:
    leading = profile.leading
    groups = sorted(profile.reads.values(), key=lambda group: (group.name not in leading, group.when is not None))
    reads = [read for read in (_compile_read(profile, group, is_absent) for group in groups) if read.blocks]
    count = sum(read.group.name in leading for read in reads)
    present = (point for point, is_gone in zip(profile.points, is_absent.tolist(), strict=True) if not is_gone)
    spans = tuple(sorted(set(spans_of(present))))
    return CompiledProfile(profile, tuple(reads), count, is_absent, spans, capacities)


def limited(pacing: Pacing, limits: Limits) -> Pacing:
    """The pacing of a profile within the limits of one of its devices."""
    registers, bits, gap, pause = limits.max_registers, limits.max_bits, limits.max_gap, limits.pause_between_s
    if registers is bits is gap is pause is None:
        return pacing
    return replace(
        pacing,
        max_registers=min(int(registers.value), pacing.max_registers) if registers else pacing.max_registers,
        max_bits=min(int(bits.value), pacing.max_bits) if bits else pacing.max_bits,
        max_gap=int(gap.value) if gap else pacing.max_gap,
        pause_between_s=max(pause.value, pacing.pause_between_s) if pause else pacing.pause_between_s,
    )


def _holds(block: Block, span: Block) -> bool:
    return block.table is span.table and block.start <= span.start and span.end <= block.end


def _compile_read(profile: Profile, group: ReadGroup, is_absent: Lost) -> CompiledRead:
    absent = is_absent.tolist()
    chosen = [i for i, point in enumerate(profile.points) if point.read == group.name and not absent[i]]
    blocks = plan_blocks(spans_of(profile.points[i] for i in chosen), profile.pacing, profile.holes)
    keys = [point.key for point in profile.points]
    place = keys.index(group.when.point) if group.when else -1
    decoder = Decoder(profile.points, chosen, blocks)
    return CompiledRead(
        group,
        place,
        profile.points[place].read if group.when else "",
        profile.pacing,
        profile.holes,
        tuple(spans_of(profile.points[i] for i in decoder.positions)),
        tuple(spans_of(profile.points[text.point] for text in decoder.texts)),
        blocks,
        decoder,
    )
