"""Which devices are more than their profile and their life: what answers for them, and how they treat clients."""

from collections.abc import Sequence

from stripchart.model.device import Framing
from stripchart.model.profile import Profile
from stripchart.simulator.behaviours import building
from stripchart.simulator.behaviours.base import Behaviour
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.manners import T3_MANNERS, Manners
from stripchart.simulator.t3_panel import T3Panel

_KINDS: dict[str, type[SimulatedDevice]] = {building.PROFILE: T3Panel}


def simulated_device(profile: Profile, unit_id: int, behaviour: Behaviour | None = None) -> SimulatedDevice:
    """What answers like a device of the profile."""
    return _KINDS.get(profile.key, SimulatedDevice)(profile, unit_id, behaviour)


def manners_of(devices: Sequence[SimulatedDevice], framing: Framing) -> Manners:
    """Of the port at which the first of the devices is; the others are behind it."""
    is_panel = framing is Framing.TCP and bool(devices) and isinstance(devices[0], T3Panel)
    return T3_MANNERS if is_panel else Manners()
