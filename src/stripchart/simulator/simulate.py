"""One profile on one port: what `stripchart simulate` runs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from stripchart.model.device import AddressError, Framing, check_unit
from stripchart.model.profile import Profile
from stripchart.simulator.announcer import announcing
from stripchart.simulator.behaviours.choose import behaviour_of
from stripchart.simulator.console import Console
from stripchart.simulator.device import SimulatedDevice
from stripchart.simulator.faults import ScheduledFault
from stripchart.simulator.kinds import manners_of, simulated_device
from stripchart.simulator.mover import moving
from stripchart.simulator.quirks import Quirks
from stripchart.simulator.server import SimulatorError, serving
from stripchart.simulator.t3_panel import T3Panel


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulateOptions:
    """`port` 0 takes a free one, and so does `discovery_port`, at which T3 panels can be found (None: they cannot).
    `speed`: plant seconds in a real one. The same `seed` gives the same life."""

    profile: Profile
    framing: Framing = Framing.TCP
    host: str = "127.0.0.1"
    port: int = 5020
    units: tuple[int, ...] = (1,)
    faults: tuple[ScheduledFault, ...] = ()
    quirks: Mapping[int, Quirks] = field(default_factory=dict)
    speed: float = 1.0
    seed: int = 1
    discovery_port: int | None = None


@dataclass(frozen=True, slots=True)
class Simulation:
    """A simulator that runs: where it listens, its devices by unit id, and a console to meddle with them.

    `discovery_port`: UDP port at which it can be found; None: it cannot.
    """

    port: int
    devices: dict[int, SimulatedDevice]
    console: Console
    discovery_port: int | None = None

    async def command(self, text: str) -> str:
        """See `Console.command`; devices are named by their unit id."""
        return await self.console.command(text)


@asynccontextmanager
async def running_simulation(options: SimulateOptions) -> AsyncIterator[Simulation]:
    """Serve and move the devices while the body runs. Raises SimulatorError (and PortInUseError) before it starts."""
    _check(options)
    devices = {
        unit: simulated_device(options.profile, unit, behaviour_of(options.profile, seed=options.seed, place=place))
        for place, unit in enumerate(options.units)
    }
    first = devices[options.units[0]]
    if isinstance(first, T3Panel):
        first.attach(options.units[1:])
    for unit, quirks in options.quirks.items():
        devices[unit].quirks = quirks

    def advance(seconds: float) -> None:
        for device in devices.values():
            device.advance(seconds)

    async with (
        serving(
            devices.values(),
            framing=options.framing,
            host=options.host,
            port=options.port,
            manners=manners_of([*devices.values()], options.framing),
        ) as server,
        moving(advance, options.speed, devices=devices, faults=options.faults),
    ):
        console = Console({str(unit): device for unit, device in devices.items()})
        async with _findable(options, devices, server.port) as discovery_port:
            yield Simulation(server.port, devices, console, discovery_port)


@asynccontextmanager
async def _findable(
    options: SimulateOptions, devices: Mapping[int, SimulatedDevice], port: int
) -> AsyncIterator[int | None]:
    first = next(iter(devices.values()))
    if options.discovery_port is None or not isinstance(first, T3Panel):
        yield None
        return
    async with announcing({port: first}, host=options.host, port=options.discovery_port) as discovery_port:
        yield discovery_port


async def simulate(options: SimulateOptions, ready: Callable[[Simulation], None]) -> None:
    """Run until cancelled; `ready` is called once when the port is open. Raises as `running_simulation` does."""
    async with running_simulation(options) as simulation:
        ready(simulation)
        await asyncio.Event().wait()


def _check(options: SimulateOptions) -> None:
    if not options.units:
        raise SimulatorError("no unit ids: at least one is needed")
    if not 0 < options.speed <= 1000:
        raise SimulatorError(f"speed {options.speed:g}: allowed are numbers above 0 up to 1000")
    for unit in options.units:
        if options.units.count(unit) > 1:
            raise SimulatorError(f"unit id {unit} is given twice on one port: each unit needs its own")
        try:
            check_unit(options.framing, unit)
        except AddressError as error:
            raise SimulatorError(str(error)) from error
    for what, units in (("fault", {fault.unit_id for fault in options.faults}), ("quirk", set(options.quirks))):
        if strange := units - set(options.units):
            allowed = ", ".join(map(str, options.units))
            raise SimulatorError(f"{what} of unit {min(strange)}: the simulated units are {allowed}")
