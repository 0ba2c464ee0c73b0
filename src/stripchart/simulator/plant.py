"""Plants as data: sites, links and devices; the demo plant is one."""

from dataclasses import dataclass, replace

from stripchart.model.device import Framing


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
