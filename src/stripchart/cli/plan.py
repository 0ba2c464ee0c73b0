"""`stripchart plan`: in which requests a device is read, and what was learned of it."""

from typing import TYPE_CHECKING, Annotated

import typer

from stripchart.cli.options import DataDir, ProfilesDir
from stripchart.cli.terminal import output

if TYPE_CHECKING:
    from stripchart.cli.planning import Planned

Target = Annotated[
    str,
    typer.Argument(metavar="DEVICE", help="Name of a configured device, or an address as in `stripchart read`."),
]
ProfileKey = Annotated[
    str | None, typer.Option(help="What answers at the address; `stripchart profiles list` names them.")
]
Cycles = Annotated[
    int, typer.Option(min=0, max=100, help="How often the address is polled, at most, to learn what it cannot do.")
]
Export = Annotated[bool, typer.Option("--export", help="What was learned, as a part of a profile.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object in place of tables.")]


def plan(  # noqa: PLR0913 - a command's options
    device: Target,
    profile: ProfileKey = None,
    cycles: Cycles = 6,
    export: Export = False,
    json: Json = False,
    data_dir: DataDir = None,
    profiles_dir: ProfilesDir = None,
) -> None:
    """Show in which requests a device is read, what that costs, and what it cannot do.

    Of a configured device it shows what a server has learned so far; the server may run meanwhile. An address needs \
--profile, and is polled until nothing is left to learn; --cycles 0 asks nothing and shows what the profile says.

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
            raise CommandError("an address needs --profile; `stripchart profiles list` names them")
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
