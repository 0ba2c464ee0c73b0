"""The command line's entry."""

import gc
import os
import sys
from typing import Annotated

import typer

from stripchart import __version__

_INTERRUPTED = 130
"""The exit code of a program that Ctrl-C ended before it could do anything else."""
_NEW_OBJECTS = 50_000
"""Before a collection of garbage. With Python's own 700, a tenth of a start went into looking at what is imported.

A server sets its own on purpose (`polling.garbage`)."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stripchart {__version__}")
        raise typer.Exit


def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    return None


def build_app() -> typer.Typer:
    """The program with all its commands."""
    from stripchart.cli import (
        audit,
        demo,
        discover,
        history,
        plan,
        profiles,
        read,
        serve,
        simulate,
        trace,
        user,
        write,
    )

    app = typer.Typer(
        help="Poll industrial devices, record every sample and show it live in the browser.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        epilog="Try [bold]stripchart demo[/] for a simulated plant, or read a device of your own: "
        "[bold]stripchart read tcp://192.168.1.10:502/1 --profile eastron-sdm630[/]",
    )
    app.callback()(_options)
    for command in (demo, serve, simulate, discover, read, write, plan, trace, profiles, history, user, audit):
        command.add_to(app)
    return app


def main() -> None:
    """Run the command; a failure the user can mend is one message and exit code 1."""
    try:
        _run()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _system_user() -> str:
    """Who runs the program, as the system calls them; their number where it has no name for it."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def _run() -> None:
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
    # The imports take the better part of a start: here, Ctrl-C while they last is no traceback.
    from stripchart.model.audit import Actor, act_as

    act_as(Actor(_system_user(), "command line"))
    try:
        build_app()()
    except Exception as error:
        # Only now: what can fail is most of the program, and takes longer to import than many commands take.
        from stripchart.cli.expected import EXPECTED
        from stripchart.cli.failure import stop_with

        if not isinstance(error, EXPECTED):
            raise
        stop_with(error)
