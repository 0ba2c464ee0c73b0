"""The running of a plant on real sockets."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.behaviours.base import Behaviour
from stripchart.simulator.console import Console
from stripchart.simulator.day import PlantDay, lives_of
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.kinds import manners_of, simulated_device
from stripchart.simulator.mover import moving
from stripchart.simulator.plant import DEMO_PLANT, Plant
from stripchart.simulator.server import serving

DEMO_SPEED = 10.0
"""Plant seconds in a real one: the mains fails, and gensets come and go, within five minutes of looking."""


@dataclass(frozen=True, slots=True)
class RunningPlant:
    """A plant on its sockets: `plant` with the ports it really has, and its simulated devices by name."""

    plant: Plant
    devices: dict[str, SimulatedDevice]
    console: Console


@asynccontextmanager
async def running_plant(
    plant: Plant = DEMO_PLANT,
    *,
    host: str = "127.0.0.1",
    base_port: int = 15021,
    speed: float = DEMO_SPEED,
    library: ProfileLibrary | None = None,
    day: PlantDay | None = None,
) -> AsyncIterator[RunningPlant]:
    """Serve the plant and let it live while the body runs; `base_port` 0 takes free ports.

    With a `day` of this very plant it goes on from there, and its calendar hastens.

    Raises PortInUseError, UnknownProfileError and ProfileError before anything moves.
    """
    plant = plant.based_at(base_port)
    library = library or ProfileLibrary.shipped()
    devices = simulated(plant, library, day.lives if day else lives_of(plant, library))
    if day:
        day.calendar.hasten()

    def advance(seconds: float) -> None:
        if day:
            day.calendar.advance(seconds)
        for device in devices.values():
            device.advance(seconds)

    async with AsyncExitStack() as stack:
        links = []
        for link in plant.links:
            behind = [devices[device.name] for device in link.devices]
            manners = manners_of(behind, link.framing)
            server = await stack.enter_async_context(
                serving(behind, framing=link.framing, host=host, port=link.port, manners=manners)
            )
            links.append(replace(link, port=server.port))
        await stack.enter_async_context(moving(advance, speed))
        yield RunningPlant(replace(plant, links=tuple(links)), devices, Console(devices))


def simulated(
    plant: Plant, library: ProfileLibrary, lives: Mapping[str, Behaviour] | None = None
) -> dict[str, SimulatedDevice]:
    """The plant's devices by name, not yet on any socket. Raises UnknownProfileError and ProfileError."""
    lives = lives or lives_of(plant, library)
    return {
        device.name: simulated_device(library.get(device.profile), device.unit_id, lives[device.name])
        for device in plant.devices
    }
