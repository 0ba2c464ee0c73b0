"""`stripchart profiles`: the device types that can be read, and checking one of your own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stripchart.cli.options import Languages, ProfilesDir
from stripchart.cli.terminal import output

if TYPE_CHECKING:
    from rich.table import Table

    from stripchart.model.point import Point
    from stripchart.model.profile import Profile

profiles = typer.Typer(help="List, show and check device profiles.", no_args_is_help=True, rich_markup_mode="rich")


@profiles.command("list")
def list_profiles(profiles_dir: ProfilesDir = None, language: Languages = "en") -> None:
    """List the available profiles.

    The exit code is 1 when a file in --profiles-dir is invalid; the others are listed all the same.

    [bold]Examples[/]
      stripchart profiles list
      stripchart profiles list --profiles-dir my-profiles --language zh
    """
    from rich.markup import escape
    from rich.table import Column, Table

    from stripchart.cli.failure import CommandError
    from stripchart.model.point import text_in
    from stripchart.profiles.library import ProfileLibrary

    library = ProfileLibrary(profiles_dir)
    table = Table(Column("profile", no_wrap=True), "device", "kind", "points", "interval")
    for profile in library.all():
        name = text_in(profile.name, language)
        table.add_row(profile.key, escape(name), profile.kind, str(len(profile.points)), f"{profile.interval_s:g} s")
    output().print(table)
    if library.problems:
        raise CommandError("\n".join(str(problem) for problem in library.problems))


@profiles.command()
def show(
    key: Annotated[str, typer.Argument(help="Key of the profile, as shown by `list`.", show_default=False)],
    profiles_dir: ProfilesDir = None,
    language: Languages = "en",
) -> None:
    """Show the points of a profile and the requests needed to read them.

    Addresses are 0-based as on the wire, followed by the 1-based reference of manuals.

    [bold]Examples[/]
      stripchart profiles show smartgen-hgm9520n
      stripchart profiles show boiler --profiles-dir my-profiles --language ru
    """
    from rich.markup import escape
    from rich.table import Column, Table

    from stripchart.cli.reading import address_of
    from stripchart.model.point import text_in
    from stripchart.profiles.library import ProfileLibrary

    profile = ProfileLibrary(profiles_dir).get(key)
    columns = ("name", "type", "unit", "scale", "address", "read", "write")
    table = Table(Column("point", no_wrap=True), *columns, title=escape(text_in(profile.name, language)))
    for point in profile.points:
        name = text_in(point.name, language)
        table.add_row(
            point.key,
            escape(name),
            _type(point),
            escape(point.unit),
            f"{point.scale:g}",
            address_of(point),
            point.read,
            escape(_write(point)),
        )
    console = output()
    console.print(table)
    if profile.commands:
        console.print(_commands(profile, language))
    console.print(_plan(profile))


@profiles.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="YAML files to check.", show_default=False)],
) -> None:
    """Check profile files and report every problem with file, line, field and what is allowed.

    The exit code is 1 when a file is invalid.

    [bold]Example[/]
      stripchart profiles check my-profiles/*.yaml
    """
    from stripchart.cli.failure import CommandError
    from stripchart.profiles.load import load_profile
    from stripchart.profiles.problem import ProfileError

    problems: list[str] = []
    for file in files:
        try:
            profile = load_profile(file)
        except ProfileError as error:
            problems += [str(problem) for problem in error.problems]
        else:
            count = len(profile.points)
            output().print(f"{file}: valid, {count} point{'' if count == 1 else 's'}", markup=False, soft_wrap=True)
    if problems:
        raise CommandError("\n".join(problems))


def _type(point: "Point") -> str:
    order = "" if point.registers == 1 or point.word_order == "big" else " low word first"
    bits = "" if point.bit is None else f" bit {point.bit}"
    return f"{point.type}{bits}{order}"


def _write(point: "Point") -> str:
    """What may be written, if anything."""
    from stripchart.model.wanted import limits_of

    if point.writable is None:
        return ""
    low, high = limits_of(point)
    needs = point.writable.needs
    said = "yes" if low is None or high is None else f"{low:g} to {high:g}"
    return f"{said}, if {needs.point} = {needs.equals:g}" if needs else said


def _commands(profile: "Profile", language: str) -> "Table":
    from rich.markup import escape
    from rich.table import Table

    from stripchart.model.point import text_in

    table = Table("command", "name", "if", "shown by", title="commands")
    for command in profile.commands.values():
        needs = f"{command.needs.point} = {command.needs.equals:g}" if command.needs else ""
        shown_by = command.expected.point if command.expected else ""
        table.add_row(command.key, escape(text_in(command.name, language)), needs, shown_by)
    return table


def _plan(profile: "Profile") -> "Table":
    from rich.table import Table

    from stripchart.drivers.modbus.compiled import compile_profile
    from stripchart.drivers.modbus.plan import wasted

    table = Table("read", "every", "requests", "registers", "unused", title="requests")
    for read in compile_profile(profile).reads:
        own = [point for point in profile.points if point.read == read.group.name]
        addresses = sum(len(block) for block in read.blocks)
        every = f"{read.group.every}. cycle" if read.group.every > 1 else "cycle"
        condition = f", if {read.group.when.point} = {read.group.when.equals:g}" if read.group.when else ""
        row = (len(read.blocks), addresses, wasted(read.blocks, own))
        table.add_row(read.group.name, every + condition, *(str(number) for number in row))
    return table


def add_to(app: typer.Typer) -> None:
    app.add_typer(profiles, name="profiles")
