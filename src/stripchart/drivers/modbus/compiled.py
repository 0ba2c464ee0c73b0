"""A profile made ready to be read: its blocks, and the decoders that understand them. Shared by all its devices."""

from dataclasses import dataclass

from stripchart.drivers.modbus.decode import Decoder
from stripchart.drivers.modbus.plan import plan_points
from stripchart.model.block import Block
from stripchart.model.profile import Profile, ReadGroup


@dataclass(frozen=True, slots=True)
class CompiledRead:
    """A read group with its blocks, and the decoder that understands them.

    `condition_place`: place of the point its condition is about, `condition_group` the read group of that point.
    """

    group: ReadGroup
    condition_place: int
    condition_group: str
    blocks: tuple[Block, ...]
    decoder: Decoder


@dataclass(frozen=True, slots=True)
class CompiledProfile:
    """What all devices of a profile share. Read groups with a condition come last: they need this cycle's values."""

    profile: Profile
    reads: tuple[CompiledRead, ...]

    @property
    def requests_per_cycle(self) -> int:
        """Requests of a cycle in which every read group is due."""
        return sum(len(read.blocks) for read in self.reads)


def compile_profile(profile: Profile) -> CompiledProfile:
    """Plan the reads of a profile and compile their decoders. Read groups without points fall away."""
    groups = sorted(profile.reads.values(), key=lambda group: group.when is not None)
    reads = [_compile_read(profile, group) for group in groups]
    return CompiledProfile(profile, tuple(read for read in reads if read.blocks))


def _compile_read(profile: Profile, group: ReadGroup) -> CompiledRead:
    chosen = [i for i, point in enumerate(profile.points) if point.read == group.name]
    blocks = plan_points((profile.points[i] for i in chosen), profile.pacing)
    keys = [point.key for point in profile.points]
    place = keys.index(group.when.point) if group.when else -1
    condition_group = profile.points[place].read if group.when else ""
    return CompiledRead(group, place, condition_group, blocks, Decoder(profile.points, chosen, blocks))
