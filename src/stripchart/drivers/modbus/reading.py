"""What one cycle brings of one read group: words as they come, and in the end samples."""

import numpy as np

from stripchart.drivers.modbus.columns import Words
from stripchart.drivers.modbus.compiled import CompiledRead, GroupPlan
from stripchart.drivers.modbus.decode import Lost
from stripchart.model.block import Block
from stripchart.model.exact import EXACT_BELOW
from stripchart.model.sample import PointId, PointIds, SampleBatch, Times, Values


class Reading:
    """Begins with nothing; `take` and `lose` tell how the plan's blocks went, `add` what came beyond the plan."""

    def __init__(self, read: CompiledRead, plan: GroupPlan, now_ms: int) -> None:
        self._read, self._plan = read, plan
        self._words = np.zeros(read.decoder.word_count, np.uint16)
        # The last time is that of points that are in no block.
        self._times = [now_ms] * (len(plan.blocks) + 1)
        self._lost_blocks: list[int] = []
        self._beyond: list[tuple[Block, Words, int]] = []

    def take(self, number: int, reply: Words, now_ms: int) -> None:
        """The plan's block of this number came."""
        self._plan.placements[number].put(reply, self._words)
        self._times[number] = now_ms

    def lose(self, number: int) -> None:
        """The plan's block of this number did not come."""
        self._lost_blocks.append(number)

    def add(self, block: Block, reply: Words, now_ms: int) -> None:
        """Another block came."""
        self._beyond.append((block, reply, now_ms))

    @property
    def answered(self) -> list[Block]:
        """The plan's blocks that came."""
        return [block for number, block in enumerate(self._plan.blocks) if number not in self._lost_blocks]

    @property
    def lost(self) -> list[Block]:
        """The plan's blocks that did not come."""
        return [self._plan.blocks[number] for number in self._lost_blocks]

    def samples(self, ids: PointIds, all_ids: PointIds, current: Values) -> SampleBatch:
        """A sample of each number of the group, and each text that came. `ids` are those of the numbers."""
        decoder = self._read.decoder
        at: Times = np.array(self._times)[self._plan.block_of]
        is_complete = not self._lost_blocks and self._plan.is_whole
        lost = None if is_complete else self._lost()
        text_at = self._text_times()
        for block, reply, now_ms in self._beyond:
            placement = self._read.place(block)
            placement.put(reply, self._words)
            at[placement.numbers] = now_ms
            text_at |= dict.fromkeys(placement.texts, now_ms)
            if lost is not None:
                lost[placement.numbers] = False
        values, quality = decoder.decode(self._words, current, lost)
        texts = {
            PointId(int(all_ids[text.point])): (text_at[place], text.read(self._words))
            for place, text in enumerate(decoder.texts)
            if place in text_at
        }
        if decoder.wides:
            texts |= self._digits(all_ids, at, values)
        return SampleBatch(ids, at, values, quality, texts)

    def _digits(self, all_ids: PointIds, at: Times, values: Values) -> dict[PointId, tuple[int, str]]:
        """The digits of whole numbers that their values only come near to."""
        return {
            PointId(int(all_ids[wide.point])): (int(at[wide.row]), wide.digits(self._words))
            for wide in self._read.decoder.wides
            if abs(values[wide.row]) >= EXACT_BELOW
        }

    def _lost(self) -> Lost:
        return np.isin(self._plan.block_of, [*self._lost_blocks, -1])

    def _text_times(self) -> dict[int, int]:
        """When each text came, by its place."""
        if not self._read.text_spans:
            return {}
        return {
            text: self._times[number]
            for number, placement in enumerate(self._plan.placements)
            if number not in self._lost_blocks
            for text in placement.texts
        }
