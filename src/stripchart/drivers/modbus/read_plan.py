"""The read plan of a profile within what was learned of one device, to be shown. Pure."""

from collections.abc import Sequence

from stripchart.drivers.modbus.compiled import CompiledProfile, CompiledRead, limited
from stripchart.drivers.modbus.experience import registers_of
from stripchart.drivers.modbus.plan import holds_any, spans_of
from stripchart.model.block import Block
from stripchart.model.limits import Limits, RoundTrip
from stripchart.model.read_plan import PlannedGroup, PlannedRequest, ReadPlan


def read_plan(compiled: CompiledProfile, limits: Limits, trip: RoundTrip | None = None) -> ReadPlan:
    """`trip`: as measured in this session; without it, what was measured before counts."""
    profile = compiled.profile
    pacing = limited(profile.pacing, limits)
    groups = [PlannedGroup(read.group, _requests(read, limits)) for read in compiled.reads]
    blocks = [request.block for group in groups for request in group.requests]
    points = zip(profile.points, spans_of(profile.points), strict=True)
    missing = [point.key for point, span in points if not any(holds_any(block, [span]) for block in blocks)]
    return ReadPlan(
        tuple(groups), pacing, limits, tuple(missing), measured_s=_seconds(blocks, trip or limits.round_trip)
    )


def _requests(read: CompiledRead, limits: Limits) -> tuple[PlannedRequest, ...]:
    spans = [*read.spans, *read.text_spans]
    return tuple(PlannedRequest(block, _wanted(block, spans)) for block in read.plan(limits).blocks)


def _wanted(block: Block, spans: Sequence[Block]) -> int:
    return len({address for span in spans if holds_any(block, [span]) for address in range(span.start, span.end)})


def _seconds(blocks: Sequence[Block], trip: RoundTrip | None) -> float | None:
    if trip is None:
        return None
    return sum(trip.seconds(registers_of(block)) for block in blocks)
