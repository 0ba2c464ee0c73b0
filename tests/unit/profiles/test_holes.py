"""A profile may say what its device does not have; no plan asks for it."""

import pytest

from stripchart.drivers.modbus.compiled import compile_profile
from stripchart.drivers.modbus.read_plan import read_plan
from stripchart.model.block import Block
from stripchart.model.limits import Hole, Lesson, Limits
from stripchart.model.point import Table
from stripchart.profiles.fragment import as_fragment
from stripchart.profiles.load import parse_profile
from stripchart.profiles.problem import ProfileError

PROFILE = """
profile: meter
name: Meter
kind: meter
pacing: {timeout_s: 1.5}
points:
  - {key: a, name: A, address: 0}
  - {key: b, name: B, address: 5, type: uint32}
  - {key: c, name: C, address: 7}
"""


def with_holes(text: str) -> str:
    return PROFILE + f"holes: {text}\n"


def blocks_of(text: str) -> list[tuple[int, int]]:
    (read,) = compile_profile(parse_profile(text, "meter.yaml")).reads
    return [(block.start, block.end) for block in read.blocks]


def test_no_block_has_a_hole_in_it() -> None:
    assert blocks_of(PROFILE) == [(0, 8)]
    assert blocks_of(with_holes("[{first: 2, last: 3}]")) == [(0, 1), (5, 8)]
    assert blocks_of(with_holes("[{first: 4}]")) == [(0, 1), (5, 8)]
    assert blocks_of(with_holes("[{table: input, first: 4}]")) == [(0, 8)]
    assert blocks_of(with_holes("[{first: 6, last: 7}]")) == [(0, 7), (7, 8)]


@pytest.mark.parametrize(
    ("holes", "complaint"),
    [
        ("[{first: 5, last: 6}]", "holding 5..6: point 'b' is in it; take one of the two away"),
        ("[{first: 4, last: 6}]", "holding 4..6: point 'b' is in it; take one of the two away"),
        ("[{first: 7}]", "holding 7..7: point 'c' is in it; take one of the two away"),
        ("[{first: 4, last: 3}]", "3: allowed are 4 and above"),
        ("[{first: 4, lats: 3}]", "lats"),
    ],
)
def test_a_hole_that_cannot_be_is_refused(holes: str, complaint: str) -> None:
    with pytest.raises(ProfileError, match=r"meter\.yaml:10") as refusal:
        parse_profile(with_holes(holes), "meter.yaml")
    assert complaint in str(refusal.value)


def test_what_was_learned_becomes_a_part_of_a_profile() -> None:
    profile = parse_profile(PROFILE, "meter.yaml")
    holes = (Hole(Block(Table.HOLDING, 1, 5), "refused", 0), Hole(Block(Table.HOLDING, 7, 8), "refused", 0))
    limits = Limits(holes=holes, max_registers=Lesson(40, "too long", 0), pause_between_s=Lesson(0.05, "ignored", 0))
    fragment = as_fragment(read_plan(compile_profile(profile), limits), profile)
    assert fragment.splitlines() == [
        "pacing: {max_registers: 40, pause_between_s: 0.05, timeout_s: 1.5}",
        "holes:",
        "  - {table: holding, first: 1, last: 4}",
        "# The device does not answer these points; a device of this type may not have them:",
        "#   c (holding 7)",
    ]
    learned = PROFILE.replace("pacing: {timeout_s: 1.5}\n", fragment)
    assert blocks_of(learned) == [(0, 1), (5, 8)]
    assert parse_profile(learned, "meter.yaml").pacing.max_registers == 40
