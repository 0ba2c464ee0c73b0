"""Quirks are written in a word, and what a device cannot do it refuses or is silent over."""

import pytest

from stripchart.model.block import Block
from stripchart.model.point import Table
from stripchart.simulator.faults import FaultError
from stripchart.simulator.quirks import Quirks, parse_unit_quirks, with_quirk

WRITTEN = ["hole=holding:100-105", "hole=input:7-7", "max_registers=40", "max_bits=16", "pause=0.05", "silent"]


def test_any_number_of_quirks_of_a_unit_make_one() -> None:
    quirks = parse_unit_quirks([f"3:{text}" for text in WRITTEN])[3]
    assert quirks == Quirks(
        holes=(Block(Table.HOLDING, 100, 106), Block(Table.INPUT, 7, 8)),
        max_registers=40,
        max_bits=16,
        pause_s=0.05,
        silent=True,
    )
    assert str(quirks).split() == WRITTEN


def test_a_hole_without_a_table_is_in_the_holding_registers() -> None:
    assert with_quirk(Quirks(), "hole=5") == Quirks(holes=(Block(Table.HOLDING, 5, 6),))


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (Block(Table.HOLDING, 90, 100), None),
        (Block(Table.HOLDING, 90, 101), 2),
        (Block(Table.INPUT, 90, 101), None),
        (Block(Table.HOLDING, 0, 41), 3),
        (Block(Table.COIL, 0, 16), None),
        (Block(Table.COIL, 0, 17), 3),
    ],
)
def test_what_cannot_be_read_is_refused(asked: Block, code: int | None) -> None:
    quirks = Quirks(holes=(Block(Table.HOLDING, 100, 106),), max_registers=40, max_bits=16)
    assert quirks.objection(asked) == code


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("hole=100-105", "'hole=100-105': a quirk is written UNIT:NAME[=ARG], as in 1:hole=100-105"),
        ("1:deaf", "quirk 'deaf': allowed are hole, max_registers, max_bits, pause, silent, echo"),
        ("1:hole=coils:1", "table 'coils': allowed are holding, input, coil, discrete"),
        ("1:hole=9-5", "address '5': allowed are 9 to 65535"),
        ("1:max_registers=126", "max_registers '126': allowed are 1 to 125"),
        ("1:pause=soon", "pause 'soon': allowed are 0 to 10 seconds"),
        ("0:silent", "unit id '0': allowed are 1 to 255"),
    ],
)
def test_a_quirk_that_cannot_be_understood_is_refused_with_what_is_allowed(text: str, complaint: str) -> None:
    with pytest.raises(FaultError) as refusal:
        parse_unit_quirks([text])
    assert str(refusal.value) == complaint
