"""`stripchart simulate`: a device that is not there, on a real port."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stripchart.cli.options import ProfilesDir
from stripchart.cli.terminal import output

if TYPE_CHECKING:
    from stripchart.simulator.simulate import SimulateOptions

Unit = Annotated[
    list[int] | None,
    typer.Option(min=1, max=255, help="Unit id of a simulated device; may be repeated. \\[default: 1]"),
]
Faults = Annotated[
    list[str] | None,
    typer.Option(
        "--fault",
        metavar="FAULT",
        help="Fault of a unit: UNIT:NAME, such as 2:mute. NAME is mute, slow, exception, drop, garbage, stale or "
        "wrong_unit. May be repeated; details above.",
    ),
]
Quirks = Annotated[
    list[str] | None,
    typer.Option(
        "--quirk",
        metavar="QUIRK",
        help="Undocumented limit of a unit: UNIT:NAME=ARGUMENT, such as 1:hole=100-105. NAME is hole, max_registers, "
        "max_bits, pause, silent or echo. May be repeated; details above.",
    ),
]
DiscoveryPort = Annotated[
    int | None,
    typer.Option(
        min=0, max=65_535, help="UDP port on which a simulated T3 panel can be discovered; real ones use 1234."
    ),
]
SimulatedFraming = Annotated[Literal["tcp", "rtu_over_tcp"], typer.Option(help="Modbus framing on the port.")]


def simulate(  # noqa: PLR0913 - a command's options
    profile: Annotated[
        str, typer.Argument(help="Profile to simulate; `stripchart profiles list` shows them.", show_default=False)
    ],
    port: Annotated[int, typer.Option(min=0, max=65_535, help="TCP port on 127.0.0.1; 0 picks a free one.")] = 5020,
    framing: SimulatedFraming = "tcp",
    unit: Unit = None,
    fault: Faults = None,
    quirk: Quirks = None,
    speed: Annotated[float, typer.Option(min=0.1, max=1000, help="Plant seconds per real second.")] = 1.0,
    discovery_port: DiscoveryPort = None,
    profiles_dir: ProfilesDir = None,
) -> None:
    """Simulate devices on a local port: plant-like values, with faults on demand.

    While it runs, type commands: [bold]fault 1 mute[/] makes unit 1 stop responding, [bold]clear 1[/] ends that, \
[bold]points 1[/] lists its values, [bold]set 1 coolant_temp 95[/] holds one, [bold]help[/] lists all commands.

    A fault is UNIT:NAME\\[=ARGUMENT]\\[~PROBABILITY]\\[@START\\[+DURATION]]. The argument is the delay in seconds \
(slow), the exception code (exception), before or instead of the true reply (garbage, stale), or the other unit \
(wrong_unit). PROBABILITY is 0 to 1 for each reply; START and DURATION are seconds.

    A quirk is a limit that the device does not document: hole=\\[TABLE:]FIRST\\[-LAST] (addresses it refuses), \
max_registers=COUNT or max_bits=COUNT (longest request), pause=SECONDS (earlier requests get no reply), silent (no \
reply where an exception is due), or echo (writes are confirmed and ignored).

    [bold]Examples[/]
      stripchart simulate smartgen-hgm9520n
      stripchart simulate smartgen-hgm9560 --framing rtu_over_tcp --port 5021 --unit 3
      stripchart simulate ddms-sensor --unit 1 --unit 2 --fault 2:mute@10+30 --fault 1:slow=0.5~0.1
      stripchart simulate eastron-sdm630 --quirk 1:max_registers=40 --quirk 1:hole=input:100-105
    """
    from stripchart.cli.expected import naming_option
    from stripchart.cli.interrupt import run_until_interrupted
    from stripchart.cli.logs import configure_logs
    from stripchart.model.device import Framing
    from stripchart.profiles.library import ProfileLibrary
    from stripchart.simulator.faults import parse_scheduled_fault
    from stripchart.simulator.quirks import parse_unit_quirks
    from stripchart.simulator.simulate import SimulateOptions

    configure_logs("warning")
    options = SimulateOptions(
        profile=ProfileLibrary(profiles_dir).get(profile),
        framing=Framing(framing),
        port=port,
        units=tuple(dict.fromkeys(unit or (1,))),
        faults=tuple(parse_scheduled_fault(text) for text in fault or ()),
        quirks=parse_unit_quirks(quirk or ()),
        speed=speed,
        discovery_port=discovery_port,
    )
    with naming_option("--port"):
        run_until_interrupted(lambda _: _simulate(options))


async def _simulate(options: "SimulateOptions") -> None:
    from stripchart.cli.typed import answer_typed_commands
    from stripchart.simulator.simulate import running_simulation

    console = output()
    async with running_simulation(options) as simulation:
        units = ", ".join(map(str, options.units))
        address = f"{options.framing}://{options.host}:{simulation.port}"
        console.print(f"{options.profile.key}, unit {units}, at [bold]{address}[/]; Ctrl-C stops it", soft_wrap=True)
        first = f"stripchart read {address}/{options.units[0]} --profile {options.profile.key}"
        console.print(f"read it with: {first}\ntype help for commands that disturb it", style="dim", soft_wrap=True)
        await answer_typed_commands(simulation.console, console)


def add_to(app: typer.Typer) -> None:
    app.command()(simulate)
