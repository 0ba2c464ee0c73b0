"""`stripchart plan`: in which requests a device is read, and what was learned of it."""

from typing import TYPE_CHECKING, Annotated

import typer

from stripchart.cli.options import DataDir, ProfilesDir
from stripchart.cli.terminal import output

if TYPE_CHECKING:
    from stripchart.cli.planning import Planned

Target = Annotated[
    str,
    typer.Argument(metavar="DEVICE", help="Name of a configured device, or an address as for `stripchart read`."),
]
ProfileKey = Annotated[
    str | None, typer.Option(help="Profile of the device at that address; `stripchart profiles list` shows them.")
]
Cycles = Annotated[
    int, typer.Option(min=0, max=100, help="Maximum number of polls to learn the limits of the device.")
]
Export = Annotated[bool, typer.Option("--export", help="Print what was learned as a fragment for a profile.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of tables.")]


def plan(  # noqa: PLR0913 - a command's options
    device: Target,
    profile: ProfileKey = None,
    cycles: Cycles = 6,
    export: Export = False,
    json: Json = False,
    data_dir: DataDir = None,
    profiles_dir: ProfilesDir = None,
) -> None:
    """Show the read plan of a device: its requests, the cycle time, and limits learned by polling.

    For a configured device it shows what the server has learned so far (the server may run). For an address, give \
--profile: the device is polled until nothing is left to learn; --cycles 0 sends no request and shows the plan of \
the profile alone.

    [bold]Examples[/]
      stripchart plan "Main meter"
      stripchart plan tcp://192.168.1.10/1 --profile eastron-sdm630
      stripchart plan tcp://192.168.1.10/1 --profile eastron-sdm630 --export
    """
    import uvloop

    from stripchart.cli.failure import CommandError
    from stripchart.cli.logs import configure_logs
    from stripchart.cli.plan_tables import as_json, as_tables
    from stripchart.cli.planning import plan_of_address, plan_of_device
    from stripchart.profiles.fragment import as_fragment

    configure_logs("error")
    planned: Planned
    if "://" in device:
        if profile is None:
            raise CommandError("an address needs --profile; `stripchart profiles list` shows them")
        planned = uvloop.run(plan_of_address(device, profile, cycles, profiles_dir))
    else:
        planned = uvloop.run(plan_of_device(device, data_dir))
    if export:
        typer.echo(as_fragment(planned.plan, planned.profile), nl=False)
    elif json:
        typer.echo(as_json(planned))
    else:
        output().print(*as_tables(planned), sep="\n")
    if planned.problem:
        raise CommandError(planned.problem)


def add_to(app: typer.Typer) -> None:
    app.command()(plan)
