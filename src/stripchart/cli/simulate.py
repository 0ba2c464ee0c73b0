"""`stripchart simulate`: a device that is not there, on a real port."""

from typing import Annotated

import typer
from rich.console import Console

from stripchart.cli.interrupt import run_until_interrupted
from stripchart.cli.options import ProfilesDir
from stripchart.cli.typed import answer_typed_commands
from stripchart.model.device import Framing
from stripchart.profiles.library import ProfileLibrary
from stripchart.simulator.faults import parse_scheduled_fault
from stripchart.simulator.simulate import SimulateOptions, running_simulation

Unit = Annotated[list[int] | None, typer.Option(help="Unit id of a simulated device; may be repeated. [default: 1]")]
Faults = Annotated[
    list[str] | None,
    typer.Option(
        "--fault",
        help="UNIT:NAME[=ARG][~PROBABILITY][@START[+DURATION]]: mute, slow, exception, drop, garbage, stale "
        "or wrong_unit, from START seconds on for DURATION seconds. May be repeated.",
    ),
]


def simulate(  # noqa: PLR0913 - a command's options
    profile: Annotated[str, typer.Argument(help="What to simulate; `stripchart profiles list` names them.")],
    port: Annotated[int, typer.Option(min=1, max=65_535, help="TCP port.")] = 5020,
    framing: Annotated[Framing, typer.Option(help="tcp or rtu_over_tcp.")] = Framing.TCP,
    unit: Unit = None,
    fault: Faults = None,
    speed: Annotated[float, typer.Option(help="Plant seconds in a real one.")] = 1.0,
    profiles_dir: ProfilesDir = None,
) -> None:
    """Simulate a device type on this machine: values that move like a plant's, and faults on demand.

    While it runs it takes commands, a line each: [bold]help[/] names them, [bold]fault 1 mute[/] silences unit 1,
    [bold]clear 1[/] heals it, [bold]set 1 coolant_temp 95[/] holds a value.

    Example: [bold]stripchart simulate smartgen-hgm9520n --unit 1 --unit 2 --fault 2:mute@10+30[/]
    """
    options = SimulateOptions(
        profile=ProfileLibrary(profiles_dir).get(profile),
        framing=framing,
        port=port,
        units=tuple(unit or (1,)),
        faults=tuple(parse_scheduled_fault(text) for text in fault or ()),
        speed=speed,
    )
    run_until_interrupted(_simulate(options))


async def _simulate(options: SimulateOptions) -> None:
    console = Console()
    async with running_simulation(options) as simulation:
        units = ", ".join(map(str, options.units))
        address = f"{options.framing}://{options.host}:{simulation.port}"
        console.print(f"{options.profile.key}, unit {units}, at [bold]{address}[/]; Ctrl-C stops it", highlight=False)
        await answer_typed_commands(simulation.console, console)


def add_to(app: typer.Typer) -> None:
    app.command()(simulate)
