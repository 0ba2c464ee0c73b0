"""The command line's entry."""

from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console

from stripchart import __version__
from stripchart.cli import demo, profiles, read, serve, simulate
from stripchart.cli.failure import EXPECTED, stop_with

app = typer.Typer(
    help="Stripchart polls the plant, records every reading, and shows it live.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog="Start with [bold]stripchart demo[/], or read a device of yours: [bold]stripchart read --help[/]",
)


def _version(wanted: bool) -> None:
    if wanted:
        Console().print(f"stripchart {__version__}", highlight=False)
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and end.")
    ] = False,
) -> None:
    return None


for command in (demo, serve, simulate, read, profiles):
    command.add_to(app)


def main() -> None:
    """Run the command; a failure the user can mend is one message and exit code 1."""
    try:
        app()
    except (*EXPECTED, ValidationError) as error:
        stop_with(error)
