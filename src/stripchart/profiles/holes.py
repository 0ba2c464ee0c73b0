"""Holes of a profile: addresses that no request may ask for together."""

from collections.abc import Sequence

from stripchart.model.block import Block
from stripchart.model.profile import Profile
from stripchart.profiles.device_forms import HoleForm
from stripchart.profiles.problem import Findings

_SEAM = 2


def build_holes(forms: Sequence[HoleForm], findings: Findings) -> tuple[Block, ...]:
    """The holes; one that ends before it begins is noted."""
    holes = []
    for number, form in enumerate(forms):
        last = form.first if form.last is None else form.last
        if last < form.first:
            findings.add(("holes", number, "last"), f"{last}: allowed are {form.first} and above")
            continue
        holes.append(Block(form.table, form.first, last + 1))
    return tuple(holes)


def check_holes(profile: Profile, findings: Findings) -> None:
    """Note each point in a hole; only the two addresses of a seam may belong to points, each to another one."""
    for number, hole in enumerate(profile.holes):
        for point in profile.points:
            if point.table is not hole.table or point.end <= hole.start or hole.end <= point.address:
                continue
            is_whole = point.address <= hole.start and hole.end <= point.end
            if is_whole or len(hole) != _SEAM:
                findings.add(("holes", number), f"{hole}: point {point.key!r} is in it; take one of the two away")
