"""The questions of a plan are made once, and what is kept of them is bounded."""

from stripchart.drivers.modbus.breaker import Breaker
from stripchart.drivers.modbus.units import Unit
from stripchart.model.block import Block
from stripchart.model.link import LinkOptions
from stripchart.model.point import Table
from stripchart.model.profile import Pacing

BLOCK = Block(Table.HOLDING, 0, 10)


def test_a_block_is_asked_for_with_the_same_question_until_the_pacing_is_another() -> None:
    unit, pacing = Unit(7, Breaker(LinkOptions())), Pacing(timeout_s=1)
    question = unit.to_read(BLOCK, pacing)
    assert (question.unit_id, question.block, question.limit_s) == (7, BLOCK, 1)
    assert unit.to_read(Block(Table.HOLDING, 0, 10), pacing) is question
    assert unit.to_read(Block(Table.INPUT, 0, 10), pacing).function != question.function
    assert unit.to_read(BLOCK, Pacing(timeout_s=2)).limit_s == 2


def test_a_unit_that_is_asked_for_ever_new_blocks_does_not_keep_them_all() -> None:
    unit, pacing = Unit(7, Breaker(LinkOptions())), Pacing()
    first = unit.to_read(BLOCK, pacing)
    for start in range(1, 1000):
        unit.to_read(Block(Table.HOLDING, start, start + 10), pacing)
    again = unit.to_read(BLOCK, pacing)
    assert again == first
    assert again is not first
