"""`stripchart profiles`: the device types that can be read, and checking one of your own."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from stripchart.cli.failure import CommandError
from stripchart.cli.options import ProfilesDir
from stripchart.drivers.modbus.driver import compile_profile
from stripchart.drivers.modbus.plan import wasted
from stripchart.model.point import Point, text_in
from stripchart.model.profile import Profile
from stripchart.profiles.library import ProfileLibrary
from stripchart.profiles.load import load_profile
from stripchart.profiles.problem import ProfileError

profiles = typer.Typer(help="List, show and check the profiles of device types.", no_args_is_help=True)

Language = Annotated[str, typer.Option(help="Language of the names: en, zh or ru.")]


@profiles.command("list")
def list_profiles(profiles_dir: ProfilesDir = None, language: Language = "en") -> None:
    """Name every profile that can be used."""
    library = ProfileLibrary(profiles_dir)
    table = Table("profile", "device", "kind", "points", "reads every")
    for profile in library.all():
        name = text_in(profile.name, language)
        table.add_row(profile.key, name, profile.kind, str(len(profile.points)), f"{profile.interval_s:g} s")
    Console().print(table)
    if library.problems:
        raise CommandError("\n".join(str(problem) for problem in library.problems))


@profiles.command()
def show(
    key: Annotated[str, typer.Argument(help="The profile's key, as `list` shows it.", show_default=False)],
    profiles_dir: ProfilesDir = None,
    language: Language = "en",
) -> None:
    """Show a profile's points, and the requests that reading them takes."""
    profile = ProfileLibrary(profiles_dir).get(key)
    table = Table("point", "name", "type", "unit", "scale", "address", "read", title=text_in(profile.name, language))
    for point in profile.points:
        name = text_in(point.name, language)
        table.add_row(point.key, name, _type(point), point.unit, f"{point.scale:g}", _address(point), point.read)
    console = Console()
    console.print(table)
    console.print(_plan(profile))


@profiles.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="YAML files to check.", show_default=False)],
) -> None:
    """Check profile files: every problem with its file, line, field and what is allowed."""
    problems: list[str] = []
    for file in files:
        try:
            profile = load_profile(file)
        except ProfileError as error:
            problems += [str(problem) for problem in error.problems]
        else:
            Console().print(f"{file}: good, {len(profile.points)} points", highlight=False, markup=False)
    if problems:
        raise CommandError("\n".join(problems))


def _type(point: Point) -> str:
    order = "" if point.registers == 1 or point.word_order == "big" else " low word first"
    bits = "" if point.bit is None else f" bit {point.bit}"
    return f"{point.type}{bits}{order}"


def _address(point: Point) -> str:
    return f"{point.table} {point.address} / {point.reference}"


def _plan(profile: Profile) -> Table:
    table = Table("read", "every", "requests", "registers", "of them unused", title="requests")
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
