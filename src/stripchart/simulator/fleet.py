"""A fleet: very many devices of one profile, cheap enough for benches.

A few devices truly live, the frames; each member of the fleet shows one of them, and the next one at every tick. So a
tick costs the same for ten members as for ten thousand, and every value on the wire is a valid one.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from stripchart.background import in_background
from stripchart.model.device import Framing
from stripchart.model.encode import Value
from stripchart.model.profile import Profile
from stripchart.simulator.behaviours.wander import Wander
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.faults import Fault
from stripchart.simulator.server import serving

_FRAMES = 16
_FRAME_APART_S = 30.0


class Fleet:
    """`frames` living devices, shown in turn."""

    def __init__(self, profile: Profile, *, frames: int = _FRAMES, seed: int = 1) -> None:
        self.tick = 0
        behaviour = Wander(profile, seed)
        self.frames = []
        for number in range(frames):
            frame = SimulatedDevice(profile, 1)
            frame.update(behaviour.advance(_FRAME_APART_S if number else 0))
            self.frames.append(frame)

    def frame(self, place: int) -> SimulatedDevice:
        """What the member at this place shows now."""
        return self.frames[(self.tick + place) % len(self.frames)]


@dataclass(slots=True)
class FleetMember:
    """One device of a fleet, by its place in it."""

    fleet: Fleet
    place: int
    unit_id: int
    fault: Fault | None = None

    def answer(self, pdu: bytes) -> bytes:
        return self.fleet.frame(self.place).answer(pdu)

    def read(self, key: str) -> Value:
        """What the member truly shows now."""
        return self.fleet.frame(self.place).read(key)


@dataclass(frozen=True, slots=True)
class RunningFleet:
    """Members in order, and where each one is."""

    members: list[FleetMember]
    ports: list[int]


@asynccontextmanager
async def running_fleet(
    profile: Profile,
    count: int,
    *,
    units_per_port: int = 1,
    framing: Framing = Framing.TCP,
    tick_s: float = 1.0,
) -> AsyncIterator[RunningFleet]:
    """Serve `count` members on free ports of 127.0.0.1, `units_per_port` (up to 247) behind each, from unit 1 on."""
    fleet = Fleet(profile)
    members = [FleetMember(fleet, place, place % units_per_port + 1) for place in range(count)]
    ports: list[int] = []
    async with AsyncExitStack() as stack:
        for first in range(0, count, units_per_port):
            behind = members[first : first + units_per_port]
            server = await stack.enter_async_context(serving(behind, framing=framing))
            ports += [server.port] * len(behind)
        async with in_background({"fleet": _tick_for_ever(fleet, tick_s)}):
            yield RunningFleet(members, ports)


async def _tick_for_ever(fleet: Fleet, tick_s: float) -> None:
    while True:
        await asyncio.sleep(tick_s)
        fleet.tick += 1
