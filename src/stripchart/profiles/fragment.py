"""What was learned of a device, as a part of a profile for all devices of its type."""

from collections.abc import Iterator
from dataclasses import fields

from stripchart.model.block import Block
from stripchart.model.point import Point
from stripchart.model.profile import Pacing, Profile
from stripchart.model.read_plan import ReadPlan


def as_fragment(plan: ReadPlan, profile: Profile) -> str:
    """YAML to put in place of the profile's `pacing` and `holes`; what it cannot say is in comments."""
    return "\n".join([*_pacing(plan.pacing), *_holes(plan, profile), *_refused(plan, profile)]) + "\n"


def _pacing(pacing: Pacing) -> Iterator[str]:
    usual = Pacing()
    names = [field.name for field in fields(Pacing)]
    unusual = [name for name in names if getattr(pacing, name) != getattr(usual, name)]
    values = ", ".join(f"{name}: {getattr(pacing, name):.6g}" for name in unusual)
    yield f"pacing: {{{values}}}"


def _holes(plan: ReadPlan, profile: Profile) -> Iterator[str]:
    learned = [hole.block for hole in plan.limits.holes if not _points_in(hole.block, profile)]
    blocks = sorted({*profile.holes, *learned})
    if blocks:
        yield "holes:"
    for block in blocks:
        yield f"  - {{table: {block.table}, first: {block.start}, last: {block.end - 1}}}"


def _refused(plan: ReadPlan, profile: Profile) -> Iterator[str]:
    if plan.unreadable:
        yield "# The device does not answer these points; a device of this type may not have them:"
    for key in plan.unreadable:
        point = profile.point(key)
        yield f"#   {key} ({point.table} {point.address})"


def _points_in(hole: Block, profile: Profile) -> list[Point]:
    """Points that cannot be read, because the whole hole is in them."""
    return [
        point
        for point in profile.points
        if point.table is hole.table and point.address <= hole.start and hole.end <= point.end
    ]
