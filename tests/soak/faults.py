"""Ten kinds of trouble, each with a beginning and an end."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from stripchart.model.device import Framing
from stripchart.simulator.faults import Fault, FaultKind, parse_fault
from stripchart.simulator.server import SimulatorServer
from tests.soak.truth import TruthDevice, address_of

OF_A_DEVICE = ("mute", "slow", "exception", "garbage", "stale", "wrong_unit", "hole")
OF_A_LINK = ("drop", "refused", "half_open")

SLOW_S = (0.5, 3.0)
"""All of it later than the time limit, and most of it later than when the same is asked again."""

_WRITTEN = {
    "mute": "mute",
    "exception": "exception=4",
    "garbage": "garbage=instead",
    "stale": "stale=instead",
    "wrong_unit": "wrong_unit",
    "drop": "drop",
}


@dataclass(slots=True)
class Line:
    """A link of the simulated plant: its server, and the devices behind it."""

    server: SimulatorServer
    framing: Framing
    devices: Sequence[TruthDevice]
    port: int = 0
    is_troubled: bool = False


def kinds_for(line: Line) -> list[str]:
    """On a line of RTU frames a reply that is given twice cannot be told from a true one: nothing marks it."""
    return [kind for kind in (*OF_A_DEVICE, *OF_A_LINK) if kind != "stale" or line.framing is Framing.TCP]


async def begin(kind: str, line: Line, chance: random.Random) -> Sequence[TruthDevice]:
    """Make the trouble. Returns the devices it is about."""
    if kind in OF_A_LINK:
        await _begin_of_link(kind, line)
        return line.devices
    device = chance.choice(line.devices)
    if kind == "hole":
        device.hole = frozenset({address_of(chance.randrange(24))})
    elif kind == "slow":
        device.fault = Fault(FaultKind.SLOW, delay_s=chance.uniform(*SLOW_S))
    else:
        device.fault = parse_fault(_WRITTEN[kind])
    return [device]


async def end(kind: str, line: Line) -> None:
    """Make it good. A connection that was left half open stays so: only a new one helps."""
    if kind == "refused":
        await line.server.open("127.0.0.1", line.port)
    for device in line.devices:
        device.fault, device.hole = None, frozenset()


async def _begin_of_link(kind: str, line: Line) -> None:
    if kind == "refused":
        await line.server.aclose()
    elif kind == "half_open":
        for client in line.server.clients:
            client.leave()
    else:
        for device in line.devices:
            device.fault = parse_fault(_WRITTEN[kind])
