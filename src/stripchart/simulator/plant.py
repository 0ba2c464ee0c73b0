"""The demo plant as data, and the running of any such plant on real sockets."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from stripchart.model.device import Framing
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.behaviours import smartgen_genset
from stripchart.simulator.behaviours.choose import SharedSites
from stripchart.simulator.console import Console
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.kinds import manners_of, simulated_device
from stripchart.simulator.mover import moving
from stripchart.simulator.server import serving

DEMO_SPEED = 10.0
"""Plant seconds in a real one: the mains fails, and gensets come and go, within five minutes of looking."""


@dataclass(frozen=True, slots=True)
class PlantSite:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PlantDevice:
    """A device as the catalog will know it: `site` is the code of its site, `profile` the key of its profile."""

    site: str
    name: str
    profile: str
    unit_id: int
    interval_s: float


@dataclass(frozen=True, slots=True)
class PlantLink:
    """One port and the devices behind it."""

    framing: Framing
    port: int
    devices: tuple[PlantDevice, ...]


@dataclass(frozen=True, slots=True)
class Plant:
    """Sites and links. Names of devices are unique in the plant."""

    sites: tuple[PlantSite, ...]
    links: tuple[PlantLink, ...]

    @property
    def devices(self) -> list[PlantDevice]:
        return [device for link in self.links for device in link.devices]

    def based_at(self, base_port: int) -> "Plant":
        """The same plant with its lowest port at `base_port`; 0: every port is a free one."""
        lowest = min(link.port for link in self.links)
        links = (replace(link, port=base_port and base_port + link.port - lowest) for link in self.links)
        return replace(self, links=tuple(links))


@dataclass(frozen=True, slots=True)
class RunningPlant:
    """A plant on its sockets: `plant` with the ports it really has, and its simulated devices by name."""

    plant: Plant
    devices: dict[str, SimulatedDevice]
    console: Console


_TCP, _RTU = Framing.TCP, Framing.RTU_OVER_TCP


def _link(framing: Framing, port: int, *devices: PlantDevice) -> PlantLink:
    return PlantLink(framing, port, devices)


DEMO_PLANT = Plant(
    sites=(PlantSite("MKZ", "MKZ power house"), PlantSite("YKZ", "YKZ power house")),
    links=(
        _link(_TCP, 15021, PlantDevice("MKZ", "G1", "smartgen-hgm9520n", 1, 2)),
        _link(_TCP, 15022, PlantDevice("MKZ", "G2", "smartgen-hgm9520n", 1, 2)),
        _link(_RTU, 15023, PlantDevice("MKZ", "MKZ mains", "smartgen-hgm9560", 1, 2)),
        _link(
            _RTU,
            15024,
            PlantDevice("YKZ", "G3", "smartgen-hgm9520n", 1, 5),
            PlantDevice("YKZ", "G4", "smartgen-hgm9520n", 2, 5),
            PlantDevice("YKZ", "YKZ mains", "smartgen-hgm9560", 3, 5),
        ),
        _link(_TCP, 15025, PlantDevice("MKZ", "Feeders", "sel-751-rtac", 1, 1)),
        _link(_TCP, 15026, PlantDevice("MKZ", "Office", "temco-t3", 1, 5)),
        _link(_TCP, 15027, PlantDevice("YKZ", "Workshop", "temco-t3", 1, 5)),
        _link(
            _TCP,
            15028,
            PlantDevice("MKZ", "Tank temperature", "ddms-sensor", 1, 1),
            PlantDevice("MKZ", "Line pressure", "ddms-sensor", 2, 1),
            PlantDevice("MKZ", "Line flow", "ddms-sensor", 3, 1),
        ),
        _link(_TCP, 15029, PlantDevice("YKZ", "Main meter", "eastron-sdm630", 1, 2)),
        _link(_TCP, 15030, PlantDevice("YKZ", "Roof inverter", "sunspec-inverter", 1, 5)),
    ),
)
"""Two power houses: four gensets, two mains controllers, feeders, rooms, sensors, a meter and an inverter."""


@asynccontextmanager
async def running_plant(
    plant: Plant = DEMO_PLANT,
    *,
    host: str = "127.0.0.1",
    base_port: int = 15021,
    speed: float = DEMO_SPEED,
    library: ProfileLibrary | None = None,
) -> AsyncIterator[RunningPlant]:
    """Serve the plant and let it live while the body runs; `base_port` 0 takes free ports.

    Raises PortInUseError, UnknownProfileError and ProfileError before anything moves.
    """
    plant = plant.based_at(base_port)
    devices = simulated(plant, library or ProfileLibrary.shipped())

    def advance(seconds: float) -> None:
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


def simulated(plant: Plant, library: ProfileLibrary, *, seed: int = 1) -> dict[str, SimulatedDevice]:
    """The plant's devices by name, not yet on any socket. Raises UnknownProfileError and ProfileError."""
    gensets = Counter(device.site for device in plant.devices if device.profile == smartgen_genset.PROFILE)
    sites = SharedSites(gensets, seed)
    devices = {}
    for device in plant.devices:
        profile = library.get(device.profile)
        devices[device.name] = simulated_device(profile, device.unit_id, sites.behaviour_of(profile, device.site))
    return devices
