"""What to ask in the rest of a cycle in which not everything came as planned. Pure."""

from collections.abc import Iterable

from stripchart.drivers.modbus.compiled import CompiledRead
from stripchart.drivers.modbus.learning import Learner
from stripchart.drivers.modbus.plan import holds_any
from stripchart.model.block import Block


class Round:
    """Follows the learner's limits through one read group: reads what they leave readable, and asks its probes.

    `answered` and `failed`: what was asked of the group in this cycle already.
    """

    def __init__(
        self, read: CompiledRead, learner: Learner, answered: Iterable[Block], failed: Iterable[Block]
    ) -> None:
        self._read, self._learner = read, learner
        self._answered = list(answered)
        self._asked = {*self._answered, *failed}

    def next(self) -> Block | None:
        """The next request; None when there is nothing left to read or to learn in this cycle."""
        for block in self._read.plan(self._learner.limits).blocks:
            wanted = self._learner.readable(block) if self._learner.is_suspect(block) else block
            if wanted is not None and wanted not in self._asked and not self._is_read(wanted):
                return wanted
        return self._learner.probe()

    def asked(self, block: Block, *, answered: bool) -> None:
        """The request was made."""
        self._asked.add(block)
        if answered:
            self._answered.append(block)

    def _is_read(self, block: Block) -> bool:
        """Whether every value in the block has come in this cycle."""
        inside = [span for span in (*self._read.spans, *self._read.text_spans) if holds_any(block, [span])]
        return all(any(holds_any(answer, [span]) for answer in self._answered) for span in inside)
